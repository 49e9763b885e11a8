"""Remembers: archives finished work and finds it again."""
