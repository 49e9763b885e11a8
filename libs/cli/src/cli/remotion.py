"""Building the Remotion worker: its packages, its types, its bundle; once for each state of its sources.

It is optional, and Remotion's licence is its own: nothing here is done unless somebody asks for it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from cli.node import hash_of, install, is_stamped, require_node, run_in, stamp
from cli.places import REPOSITORY

FOLDER = REPOSITORY / "services" / "editor" / "remotion"
BUILT = FOLDER / "dist"
LICENCE = (
    "Remotion is free for individuals, for companies of up to three people and for non-profits; "
    "everybody else needs a licence of its makers (services/editor/remotion/README.md)."
)


def is_built() -> bool:
    """Whether what is there was built from the sources as they are."""
    return is_stamped(BUILT, source_hash())


def source_hash() -> str:
    """The hash of everything that goes into a build."""
    return hash_of(_files(), folder=FOLDER)


def build() -> None:
    """Build it unless it is built. Raises `NotBuilt`. An editor that runs takes it with its next worker."""
    if is_built():
        # The editor compares times: what is there is as good as new.
        (BUILT / "bundle" / "index.html").touch()
        return
    wanted, node = source_hash(), require_node(then="./greenlight dev remotion")
    install(node, folder=FOLDER)
    shutil.rmtree(BUILT, ignore_errors=True)
    run_in(FOLDER, node, str(node.node), "node_modules/typescript/bin/tsc")
    run_in(FOLDER, node, str(node.node), "dist/bundle.js")
    stamp(BUILT, wanted)


def _files() -> Iterator[Path]:
    yield from (FOLDER / name for name in ("package.json", "package-lock.json", "tsconfig.json"))
    yield from sorted(path for path in (FOLDER / "src").rglob("*.ts*") if path.is_file())
