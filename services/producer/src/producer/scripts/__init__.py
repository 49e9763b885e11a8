"""Finished scripts: read from the files that writers have them in, and taken over word for word."""
