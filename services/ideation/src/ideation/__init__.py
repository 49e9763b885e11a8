"""Thinks: turns a brief into ideas that differ."""
