"""What each port promises, as suites that every adapter must pass."""
