"""Vendors and other services, one module each."""
