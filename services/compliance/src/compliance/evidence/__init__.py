"""Evidence packs: what a run can show for itself, signed, so that a stranger can verify it (docs/evidence.md)."""
