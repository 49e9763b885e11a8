"""Whether Remotion can run here: Node, the worker as it was built, and a Chromium. Nothing of it is ever fetched."""

from __future__ import annotations

import hashlib
import shutil
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from editor.remotion.errors import RemotionMissing

FOLDER = Path(__file__).resolve().parents[3] / "remotion"
"""The worker's sources; members are always installed from their folders."""
MAIN = FOLDER / "dist" / "main.js"
_BUNDLE = FOLDER / "dist" / "bundle" / "index.html"
# The programs themselves: what Debian puts into the PATH are shells around them, which leave a browser behind when they
# are killed.
_BROWSERS = (
    Path("/usr/lib/chromium/chromium-headless-shell"),
    Path("/usr/lib/chromium/chromium"),
    Path("/opt/google/chrome/chrome"),
)


@dataclass(frozen=True)
class Installed:
    """The programs that a worker of our own is made of."""

    node: str
    browser: str
    main: Path


def find_installed(browser: str = "") -> Installed:
    """Return what there is. `browser` is a setting that wins. Raises `RemotionMissing` with what to do."""
    node = shutil.which("node") or shutil.which("node", path=sysconfig.get_path("scripts"))
    if node is None:
        raise RemotionMissing("Remotion needs Node, and there is none here (Debian: apt install nodejs npm).")
    if not (MAIN.is_file() and _BUNDLE.is_file()):
        raise RemotionMissing("The Remotion worker is not built: ./greenlight dev remotion. Mind its licence.")
    if _BUNDLE.stat().st_mtime < max(path.stat().st_mtime for path in _sources()):
        raise RemotionMissing("The Remotion worker was built from older sources: ./greenlight dev remotion.")
    found = Path(browser) if browser else next((path for path in _BROWSERS if path.is_file()), None)
    if found is None or not found.is_file():
        named = f"{browser} is not there" if browser else "there is none on this machine"
        raise RemotionMissing(f"Remotion needs a Chromium, and {named} (Debian: apt install chromium-headless-shell).")
    return Installed(node=node, browser=str(found), main=MAIN)


@cache
def worker_version() -> str:
    """Name the worker's code and its packages in 16 hex digits, for cache keys."""
    read = hashlib.sha256()
    for path in _sources():
        read.update(f"{path.relative_to(FOLDER).as_posix()}\0".encode() + path.read_bytes())
    return read.hexdigest()[:16]


def _sources() -> list[Path]:
    return [*sorted((FOLDER / "src").rglob("*.ts*")), FOLDER / "package-lock.json"]
