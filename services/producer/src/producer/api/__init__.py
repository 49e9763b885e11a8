"""HTTP in: a script or a design without a run, for trying things out."""
