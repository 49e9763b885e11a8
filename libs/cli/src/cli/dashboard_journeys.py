"""`python -m cli.dashboard_journeys`: what people do in a browser, in a real one, on a real stack of its own.

With words behind it only the journeys whose files have one of them in their names: `… keyboard race`.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from embedded.launch import running_stack
from embedded.secrets import load_secrets
from embedded.settings import inherited_environment

from cli.dashboard import FOLDER, build
from cli.node import NotBuilt, find_node, install, require_node
from cli.output import remark

SKIPPED = 0
_PREVIEWS = {"GREENLIGHT_RENDER_SCALE": "0.5"}
"""What people do with a film is the same with one of 540×960."""
_BROWSERS = ("/usr/lib/chromium/chromium", "/usr/lib/chromium/chromium-headless-shell")
"""The programs themselves: what Debian puts into the PATH are shells around them, which leave a browser behind."""


def main() -> int:
    """The exit code of the journeys. Without a browser, and no way to get one, they are skipped, and why is said."""
    try:
        return run_in_browser("vitest.journeys.ts", _PREVIEWS, names=sys.argv[1:])
    except NotBuilt as error:
        remark(f"✗ The journeys in a browser were skipped: {error}")
        return SKIPPED


def take_pictures(folder: Path) -> int:
    """Take the main pages in both themes into a folder. → the exit code. Raises `NotBuilt` when there is no browser."""
    folder.mkdir(parents=True, exist_ok=True)
    return run_in_browser("vitest.pictures.ts", {"GREENLIGHT_PICTURES": str(folder.absolute())})


def run_in_browser(config: str, more: Mapping[str, str] = MappingProxyType({}), names: Sequence[str] = ()) -> int:
    """The exit code of what this configuration of Vitest runs, on a stack of its own and in a real browser.

    Both have `more` in their environment. Raises `NotBuilt` when there is no browser, no way to get one, or no page to
    show.
    """
    browser = find_browser() or _install_browser()
    if browser is None:
        raise NotBuilt("there is no Chromium, and apt-get could not install one.")
    install(require_node(then="the same command again"), folder=FOLDER)
    with tempfile.TemporaryDirectory(prefix="greenlight-dashboard-") as folder:
        return asyncio.run(_drive(Path(folder), browser, (config, *names), more))


def find_browser() -> str | None:
    """A Chromium of this machine, or None."""
    found = [path for path in _BROWSERS if Path(path).is_file()]
    return found[0] if found else shutil.which("google-chrome")


def _install_browser() -> str | None:
    install = ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium")
    if shutil.which("apt-get") is None or subprocess.run(install, capture_output=True, check=False).returncode:
        return None
    return find_browser()


async def _drive(data: Path, browser: str, run: Sequence[str], more: Mapping[str, str]) -> int:
    node = find_node()
    if node is None:
        raise NotBuilt("there is no Node any more")
    building = asyncio.create_task(asyncio.to_thread(build))
    async with running_stack(data, port=0, environment=more) as stack:
        # The services begin while it is built; the edge serves it from then on.
        await building
        secrets = load_secrets(data)
        environment = inherited_environment() | {
            "GREENLIGHT_EDGE": stack.edge_url or "",
            "GREENLIGHT_ADMIN_KEY": secrets.admin_key.get_secret_value(),
            "GREENLIGHT_REVIEWER_KEY": secrets.reviewer_key.get_secret_value(),
            "GREENLIGHT_CHROMIUM": browser,
            **more,
        }
        command = (str(node.node), "node_modules/vitest/vitest.mjs", "run", "--config", *run)
        journeys = await asyncio.create_subprocess_exec(*command, cwd=FOLDER, env=environment)
        return await journeys.wait()


if __name__ == "__main__":
    raise SystemExit(main())
