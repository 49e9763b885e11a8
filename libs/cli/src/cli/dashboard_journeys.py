"""`python -m cli.dashboard_journeys`: what people do in a browser, in a real one, on a real stack of its own."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from pathlib import Path

from embedded.launch import running_stack
from embedded.secrets import load_secrets
from embedded.settings import inherited_environment

from cli.dashboard import FOLDER, NotBuilt, build, find_node
from cli.output import remark

SKIPPED = 0
_BROWSERS = ("/usr/lib/chromium/chromium", "/usr/lib/chromium/chromium-headless-shell")
"""The programs themselves: what Debian puts into the PATH are shells around them, which leave a browser behind."""


def main() -> int:
    """The exit code of the journeys. Without a browser, and no way to get one, they are skipped, and why is said."""
    browser = find_browser() or _install_browser()
    if browser is None:
        remark("✗ The journeys in a browser were skipped: there is no Chromium, and apt-get could not install one.")
        return SKIPPED
    try:
        build()
    except NotBuilt as error:
        remark(f"✗ The journeys in a browser were skipped: {error}")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="greenlight-dashboard-") as folder:
        return asyncio.run(_drive(Path(folder), browser))


def find_browser() -> str | None:
    """A Chromium of this machine, or None."""
    found = [path for path in _BROWSERS if Path(path).is_file()]
    return found[0] if found else shutil.which("google-chrome")


def _install_browser() -> str | None:
    install = ("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium")
    if shutil.which("apt-get") is None or subprocess.run(install, capture_output=True, check=False).returncode:
        return None
    return find_browser()


async def _drive(data: Path, browser: str) -> int:
    node = find_node()
    if node is None:
        raise NotBuilt("there is no Node any more")
    async with running_stack(data, port=0) as stack:
        secrets = load_secrets(data)
        environment = inherited_environment() | {
            "GREENLIGHT_EDGE": stack.edge_url or "",
            "GREENLIGHT_ADMIN_KEY": secrets.admin_key.get_secret_value(),
            "GREENLIGHT_REVIEWER_KEY": secrets.reviewer_key.get_secret_value(),
            "GREENLIGHT_CHROMIUM": browser,
        }
        command = (str(node.node), "node_modules/vitest/vitest.mjs", "run", "--config", "vitest.journeys.ts")
        journeys = await asyncio.create_subprocess_exec(*command, cwd=FOLDER, env=environment)
        return await journeys.wait()


if __name__ == "__main__":
    raise SystemExit(main())
