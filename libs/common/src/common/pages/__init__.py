"""What pages that services render themselves look like: the house style, of which each adds its own."""

from __future__ import annotations

import importlib.resources

from markupsafe import Markup

ICON = Markup(
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Ccircle cx='8' cy='8' r='7' fill='%2322b465'/%3E%3C/svg%3E"
)
"""The green light, for `<link rel="icon">`."""


def house_style(package: str) -> Markup:
    """The house style and then that package's own `style.css`, for a `<style>`. Both are files of ours."""
    house = importlib.resources.files(__name__).joinpath("house.css")
    own = importlib.resources.files(package).joinpath("style.css")
    return Markup(house.read_text(encoding="utf-8") + own.read_text(encoding="utf-8"))  # noqa: S704 — nobody else's text
