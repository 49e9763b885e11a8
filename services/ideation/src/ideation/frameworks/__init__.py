"""Agents that operators wrote themselves: one adapter a library, each imported only when an agent asks for it."""
