"""Looking things up before there are ideas: the port, and the adapters behind it."""

from ideation.search.port import Found, Search

__all__ = ["Found", "Search"]
