"""The engines: how each is got ready, once, and the command that renders the cut."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.render.cut import read_cut

ROOT = Path(__file__).parents[2]
_HERE = Path(__file__).parent
_BROWSERS = ("/usr/lib/chromium/chromium-headless-shell", "/usr/lib/chromium/chromium")
"""The programs themselves: Debian's wrappers of the same name in /usr/bin leave the browser behind when killed."""


class NotHere(Exception):
    """An engine cannot run on this machine; the message says what is missing."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """How to run an engine that is ready."""

    name: str
    version: str
    command: Callable[[Path], list[str]]
    cwd: Path


def ready(name: str, *, cut: Path, data: Path) -> Engine:
    """Get an engine ready to render the cut in a folder. Raises `NotHere`."""
    return {"greenlight": _greenlight, "moviepy": _moviepy, "remotion": _remotion}[name](cut, data)


def _greenlight(cut: Path, data: Path) -> Engine:
    commit = _say("git", "rev-parse", "--short", "HEAD", cwd=ROOT)
    command = [sys.executable, "-m", "bench.render.ours", str(cut)]
    return Engine(name="greenlight", version=commit, command=lambda to: [*command, str(to)], cwd=ROOT)


def _moviepy(cut: Path, data: Path) -> Engine:
    folder, lock = data / "moviepy", _HERE / "peers.lock"
    python, stamp = folder / "bin" / "python", folder / "peers.sha256"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text(encoding="ascii") == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        _say(sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, str(folder), cwd=ROOT)
        _say(
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python)),
            *("--require-hashes", "-r", str(lock)),
            cwd=ROOT,
        )
        stamp.write_text(wanted, encoding="ascii")
    version = _say(str(python), "-c", "from importlib.metadata import version; print(version('moviepy'))", cwd=ROOT)
    command = [str(python), str(_HERE / "peer_moviepy.py"), str(cut)]
    return Engine(name="moviepy", version=version, command=lambda to: [*command, str(to)], cwd=ROOT)


def _remotion(cut: Path, data: Path) -> Engine:
    browser = next((path for path in _BROWSERS if Path(path).exists()), None)
    if browser is None:
        raise NotHere("Remotion needs Debian's chromium-headless-shell or chromium.")
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise NotHere("Remotion needs Node and npm.")
    folder = data / "remotion"
    shutil.copytree(_HERE / "remotion", folder, dirs_exist_ok=True)
    if not (folder / "node_modules" / "remotion").exists():
        _say("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", cwd=folder)
    plan = read_cut(cut)
    public = folder / "public"
    public.mkdir(exist_ok=True)
    for name in (*plan.clips, plan.voice, plan.music):
        shutil.copyfile(cut / name, public / name)
    shutil.copyfile(cut / plan.font, public / "caption.ttf")
    _say("node", "render.mjs", "bundle", browser, cwd=folder)
    version = _say("node", "-p", "require('remotion/package.json').version", cwd=folder)
    command = ["node", "render.mjs", "render", browser, str(cut / "cut.json")]
    kind = Path(browser).name
    return Engine(name="remotion", version=f"{version}, {kind}", command=lambda to: [*command, str(to)], cwd=folder)


def _say(*command: str, cwd: Path) -> str:
    """Run a command and return what it said. Raises `NotHere` with its last words."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotHere(f"`{' '.join(command[:4])} …` failed: {(done.stderr or done.stdout)[-800:].strip()}")
    return done.stdout.strip()
