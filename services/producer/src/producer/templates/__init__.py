"""Designs that a tenant makes again and again, with gaps for what is different each time."""
