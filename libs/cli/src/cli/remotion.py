"""Building the Remotion worker: its packages, its types, its bundle; once for each state of its sources.

It is optional, and Remotion's licence is its own: nothing here is done unless somebody asks for it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from cli.dashboard import NODE_AT_LEAST, NotBuilt, find_node, install, run_in
from cli.places import REPOSITORY

FOLDER = REPOSITORY / "services" / "editor" / "remotion"
BUILT = FOLDER / "dist"
LICENCE = (
    "Remotion is free for individuals, for companies of up to three people and for non-profits; "
    "everybody else needs a licence of its makers (services/editor/remotion/README.md)."
)
_STAMP = ".source"


def is_built() -> bool:
    """Whether what is there was built from the sources as they are."""
    try:
        return (BUILT / _STAMP).read_text(encoding="ascii") == source_hash()
    except OSError:
        return False


def source_hash() -> str:
    """The hash of everything that goes into a build."""
    whole = hashlib.sha256()
    for path in _files():
        whole.update(f"{path.relative_to(FOLDER).as_posix()}\x00".encode() + path.read_bytes())
    return whole.hexdigest()


def build() -> None:
    """Build it unless it is built. Raises `NotBuilt`. An editor that runs takes it with its next worker."""
    if is_built():
        # The editor compares times: what is there is as good as new.
        (BUILT / "bundle" / "index.html").touch()
        return
    wanted, node = source_hash(), find_node()
    if node is None:
        raise NotBuilt(
            "There is no Node {}.{} or newer on this machine (Debian: apt install nodejs npm).".format(*NODE_AT_LEAST)
        )
    install(node, folder=FOLDER)
    shutil.rmtree(BUILT, ignore_errors=True)
    run_in(FOLDER, node, str(node.node), "node_modules/typescript/bin/tsc")
    run_in(FOLDER, node, str(node.node), "dist/bundle.js")
    (BUILT / _STAMP).write_text(wanted, encoding="ascii")


def _files() -> Iterator[Path]:
    yield from (FOLDER / name for name in ("package.json", "package-lock.json", "tsconfig.json"))
    yield from sorted(path for path in (FOLDER / "src").rglob("*.ts*") if path.is_file())
