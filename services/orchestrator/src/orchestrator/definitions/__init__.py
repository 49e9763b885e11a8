"""Workflows as files: a folder becomes one frozen `Definition`, or errors with file, line and field."""
