"""The composed layout from the command line: its secrets, and a drive through all of it on a real Docker engine."""
