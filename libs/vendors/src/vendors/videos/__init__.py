"""Whole videos by vendors: somebody else's agent cuts one from a script."""
