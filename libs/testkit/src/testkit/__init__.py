"""Pytest plugin: a real stack, stories and conformance suites."""
