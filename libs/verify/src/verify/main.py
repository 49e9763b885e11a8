"""`greenlight-verify PACK`: plain sentences, or JSON; 0 whole, 1 altered, 2 not understood what to do."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from verify.keys import NoKey, trusted_keys
from verify.pack import Report, verify_pack

WHOLE, ALTERED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the pack that the arguments name. → the exit code."""
    given = _parser().parse_args(_joined(sys.argv[1:] if arguments is None else arguments))
    try:
        trusted = trusted_keys(given.key) if given.key else frozenset()
    except NoKey as error:
        _say(str(error), to=sys.stderr)
        return USAGE
    if not given.pack.is_file():
        _say(f"There is no file {given.pack}.", to=sys.stderr)
        return USAGE
    report = verify_pack(given.pack, trusted=trusted)
    _say(json.dumps(_view(report), indent=2) if given.json else "\n".join(_sentences(report, given.pack)))
    return WHOLE if report.ok else ALTERED


def _joined(arguments: Sequence[str]) -> list[str]:
    """`--key K` as `--key=K`: a fingerprint may begin with a dash, and argparse would take it for an option."""
    joined: list[str] = []
    for argument in arguments:
        if joined[-1:] == ["--key"]:
            joined[-1] = f"--key={argument}"
        else:
            joined.append(argument)
    return joined


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="greenlight-verify",
        description="Check an evidence pack. Needs no network and none of Greenlight's services.",
        epilog="Exit codes: 0 nothing was altered · 1 something was, and it says what · 2 wrong arguments.",
    )
    parser.add_argument("pack", type=Path, help="the pack, a zip file")
    parser.add_argument(
        "--key",
        metavar="FINGERPRINT|FILE",
        help="the key you trust: its fingerprint, or a file with it (JWK, JWK set or PEM). Get it from somewhere else "
        "than the pack; without it the fingerprint of whoever signed is printed for you to compare",
    )
    parser.add_argument("--json", action="store_true", help="one JSON document instead of sentences")
    return parser


def _view(report: Report) -> dict[str, Any]:
    found = report.findings
    return {
        "ok": report.ok,
        "run_id": report.pack.get("run_id"),
        "tenant": report.pack.get("tenant"),
        "state": report.pack.get("state"),
        "made_at": report.pack.get("made_at"),
        "key": {"fingerprint": report.kid, "trusted": report.trusted},
        "checked": found.checked,
        "notes": found.notes,
        "problems": [{"file": problem.file, "what": problem.what} for problem in found.problems],
    }


def _sentences(report: Report, path: Path) -> list[str]:
    found = report.findings
    lines = [f"{path.name}: evidence of run {report.pack.get('run_id')}, packed at {report.pack.get('made_at')}."]
    lines += [f"  holds    {sentence}" for sentence in found.checked]
    lines += [f"  note     {sentence}" for sentence in found.notes]
    lines += [f"  ALTERED  {problem.file}: {problem.what}" for problem in found.problems]
    if report.kid and not report.trusted:
        lines.append(f"Signed by {report.kid}")
        if report.trusted is None:
            lines.append("Compare that with the fingerprint the studio gave you: a pack cannot vouch for its own key.")
    last = "Nothing was altered." if report.ok else f"This pack is not to be trusted. Problems: {len(found.problems)}."
    return [*lines, last]


def _say(what: str, *, to: Any = None) -> None:
    # Names in a pack are text from outside: what could steer a terminal is shown, not sent.
    shown = "".join(char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in what)
    print(shown, file=to or sys.stdout)
