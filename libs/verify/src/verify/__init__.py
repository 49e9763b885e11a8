"""Checks an evidence pack: the standard library and `cryptography`, no network, none of our services or packages."""
