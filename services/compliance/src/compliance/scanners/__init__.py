"""Scanners: they look at pictures and sounds themselves, and write down what they measured."""
