"""`./greenlight` itself, as far as it goes without a network."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cli.places import REPOSITORY

ECHO = '#!/bin/sh\necho "in $(pwd)"\nfor word in "$@"; do echo "<$word>"; done\n'


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with a space in its name that looks like a clone to the script."""
    folder = tmp_path / "my clone"
    (folder / "libs" / "cli").mkdir(parents=True)
    (folder / "services" / "editor").mkdir(parents=True)
    shutil.copy(REPOSITORY / "greenlight", folder / "greenlight")
    (folder / "requirements.lock").write_text("uv==0 \\\n    --hash=sha256:00\n")
    for member in ("libs/cli", "services/editor"):
        (folder / member / "pyproject.toml").write_text("[project]\n")
    return folder


def set_up(clone: Path) -> None:
    """Leave what a finished set-up leaves."""
    program(clone / ".venv/bin/greenlight", ECHO)
    (clone / ".venv/bin/python").symlink_to(sys.executable)
    names = ("requirements.lock", "./libs/cli/pyproject.toml", "./services/editor/pyproject.toml")
    hashes = [f"{hashlib.sha256((clone / name).read_bytes()).hexdigest()}  {name}" for name in names]
    (clone / ".venv/.greenlight").write_text("\n".join([str(clone), *hashes]) + "\n")


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def start(
    script: Path, *arguments: str, cwd: Path, path: str = "/usr/bin:/bin", **variables: str
) -> subprocess.CompletedProcess[str]:
    command = ["/bin/bash", str(script), *arguments]
    return subprocess.run(
        command,
        cwd=cwd,
        env={"PATH": path, "PIP_NO_INDEX": "1", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_second_start_hands_over_at_once_from_anywhere(clone: Path, tmp_path: Path) -> None:
    set_up(clone)
    link = tmp_path / "link"
    link.symlink_to(clone / "greenlight")
    for script in (clone / "greenlight", link):
        said = start(script, "run", "two words", "", cwd=tmp_path)
        assert said.stdout.splitlines() == [f"in {tmp_path}", "<run>", "<two words>", "<>"]
        assert said.stderr == ""


def test_what_is_compiled_stays_so_where_the_machine_says_otherwise(clone: Path, tmp_path: Path) -> None:
    set_up(clone)
    program(clone / ".venv/bin/greenlight", '#!/bin/sh\necho "[$PYTHONDONTWRITEBYTECODE]"\n')
    said = start(clone / "greenlight", cwd=tmp_path, PYTHONDONTWRITEBYTECODE="1")
    assert said.stdout == "[]\n"


def test_without_a_python_that_is_new_enough_it_says_what_to_install(clone: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    for name in ("readlink", "dirname", "sha256sum", "mktemp", "rm", "flock", "cat"):
        program(tools / name, f'#!/bin/sh\nexec {shutil.which(name)} "$@"\n')
    program(tools / "python3", "#!/bin/sh\nexit 1\n")
    said = start(clone / "greenlight", cwd=tmp_path, path=str(tools))
    assert said.returncode == 3
    assert "Python 3.11 or newer" in said.stderr
    assert "apt install python3" in said.stderr


@pytest.mark.parametrize("stale", ["requirements.lock", "libs/cli/pyproject.toml"])
def test_what_changed_is_set_up_again_and_a_failure_says_where(clone: Path, tmp_path: Path, stale: str) -> None:
    set_up(clone)
    with (clone / stale).open("a") as file:
        file.write("# changed\n")
    tools = tmp_path / "tools"
    # Python is there, but pip can have nothing: the uv of this lock does not exist, and there is no index.
    program(tools / "python3", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    said = start(clone / "greenlight", "status", cwd=tmp_path, path=f"{tools}:/usr/bin:/bin")
    assert said.returncode == 3
    assert "✗ uv, the installer" in said.stderr
    assert "run the same command again" in said.stderr
    assert said.stdout == ""
    # Interrupted or failed, the next start must not believe that all is there.
    assert (clone / ".venv/.greenlight").read_text() == f"{clone}\n"


def test_shellcheck_is_content() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    assert subprocess.run(["shellcheck", REPOSITORY / "greenlight"], check=False).returncode == 0


def test_it_fits_on_a_screen() -> None:
    assert len((REPOSITORY / "greenlight").read_text().splitlines()) <= 60
