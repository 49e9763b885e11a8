"""Tenants, users, keys and the tokens every other service trusts."""
