"""Publishes what has a release permit, and nothing else."""
