"""Cuts: joins clips, captions and sound into the film."""
