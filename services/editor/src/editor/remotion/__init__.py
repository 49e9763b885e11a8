"""Remotion as a second engine: the same layout drawn in a browser, by a worker of its own. Optional, and off."""
