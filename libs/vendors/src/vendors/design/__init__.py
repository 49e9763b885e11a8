"""Designs by vendors: a brand's own template, filled with our words."""
