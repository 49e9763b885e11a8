"""Where things are on this machine."""

from __future__ import annotations

from pathlib import Path

from cli.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[4]
"""The clone this command was installed from: members are always installed from their folders."""


def data_folder(settings: Settings) -> Path:
    """The local stack's data folder, absolute; it need not exist."""
    return (settings.data or REPOSITORY / ".greenlight").absolute()


def shown(path: Path) -> str:
    """A path as a person would type it: relative to the current folder if it is below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def from_here(path: str) -> str:
    """A path typed in the current folder, as the repository knows it; pytest's `::test` endings are kept."""
    name, separator, test = path.partition("::")
    here = Path(name).absolute()
    known = here.relative_to(REPOSITORY) if here.exists() and here.is_relative_to(REPOSITORY) else Path(name)
    return f"{known}{separator}{test}"
