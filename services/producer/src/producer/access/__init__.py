"""Access to vendors whose tokens last hours: kept, and renewed by one process at a time."""
