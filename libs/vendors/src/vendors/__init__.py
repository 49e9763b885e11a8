"""Ports to outside vendors that two or more services share, and their adapters."""
