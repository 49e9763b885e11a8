"""Random workflows, random interleavings and random faults, against a simple model of what a run has to do."""
