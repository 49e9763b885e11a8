"""The greenlight command."""
