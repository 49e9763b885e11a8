"""The engine: runs, their history and the one door for artifact bytes."""
