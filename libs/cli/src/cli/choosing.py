"""From what a person types to what is meant: a run by prefix, inputs by name, a length in a brief."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from cli.answers import HeldItem
from cli.client import Client
from cli.exits import ExitCode
from cli.gates import accepts
from cli.keys import somebody_is_here
from cli.output import remark
from cli.trouble import Trouble

LAST = "last"
_SEARCHED = 1000
_UNIT = r"[ -]?(?:s|secs?|seconds?)\b"
_SECONDS = re.compile(
    rf"\b(?:in|within|about)\s+(\d{{1,3}}){_UNIT}|[,:;(]\s*(\d{{1,3}}){_UNIT}\W*$"
    rf"|\b(\d{{1,3}}){_UNIT}\s+(?:film|video|clip|short|reel|explainer)",
    re.IGNORECASE,
)
_SHORTEST, _LONGEST = 3, 180


def find_run(client: Client, wanted: str) -> UUID:
    """The run meant by `last`, a whole id, or a prefix (or the end) that only one run has. Raises `Trouble`."""
    try:
        return UUID(wanted)
    except ValueError:
        pass
    if wanted == LAST:
        newest = client.runs(limit=1)
        if not newest:
            raise Trouble(
                "There is no run yet.",
                exit_code=ExitCode.NOT_FOUND,
                code="not_found",
                next_step="Start one: ./greenlight run “How tides work”",
            )
        return newest[0].run_id
    text = wanted.lower()
    ids = [str(run.run_id) for run in client.runs(limit=_SEARCHED)]
    # Ids begin with the time, so runs of one minute differ only at their ends.
    matching = [run for run in ids if run.startswith(text) or run.endswith(text)] if text else []
    if len(matching) == 1:
        return UUID(matching[0])
    few = ", ".join(matching[:3]) + (", …" if len(matching) > 3 else "")
    raise Trouble(
        f"{wanted!r} could be {few}." if matching else f"No run begins or ends with {wanted!r}.",
        exit_code=ExitCode.USAGE if matching else ExitCode.NOT_FOUND,
        code="ambiguous" if matching else "not_found",
        next_step="See them with ./greenlight runs.",
    )


def seconds_in(brief: str) -> int | None:
    """The length a brief asks for: `in 20 seconds`, `…, 20 s`, `a 20-second film`. None if no film may be so long."""
    found = [int(next(filter(None, match.groups()))) for match in _SECONDS.finditer(brief)]
    possible = [seconds for seconds in found if _SHORTEST <= seconds <= _LONGEST]
    # A brief may well speak of seconds; the length asked for is most often said last.
    return possible[-1] if possible else None


def choice_of(held: HeldItem, number: int) -> dict[str, Any]:
    """The edit that picks the idea with this number, counted from 1. Raises `Trouble` if there is none."""
    ideas = held.content.get("ideas")
    count = len(ideas) if isinstance(ideas, list) else 0
    if not 1 <= number <= count:
        raise Trouble(
            f"There is no idea {number}: {f'the gate holds {count}' if count else 'this gate holds no ideas'}.",
            exit_code=ExitCode.USAGE,
            code="invalid",
            next_step="See them with ./greenlight show." if count else None,
        )
    return {"chosen": number - 1}


def accepted_of(held: HeldItem, *, accept_all: bool) -> tuple[str, ...]:
    """The codes that an approval accepts: all, by the option or by the person's word. Raises `Trouble` otherwise."""
    if accept_all or (accepts(held) if somebody_is_here() else not held.downgrades):
        return held.codes
    raise Trouble(
        "The run is degraded, and an approval has to accept that:\n"
        + "\n".join(f"{one.code}: {one.detail}" for one in held.downgrades),
        exit_code=ExitCode.USAGE,
        code="downgrades_not_accepted",
        kept="Nothing was decided.",
        next_step="Add --accept-downgrades, or ask for changes.",
    )


def input_of(client: Client, brief: str | None, script: Path | None) -> dict[str, Any]:
    """What a run is given: the brief, and the finished script in a file, which is its own brief where there is none.

    Says what was read, and what of the file is left out. Raises `Trouble` for what is no script.
    """
    if script is None:
        return {"brief": brief} if brief is not None else {}
    read = client.read_script(script)
    taken, lost = read["script"], Counter(one["what"] for one in read["left_out"])
    count = len(taken["scenes"])
    remark(f"Read {script.name}: {count} scene{'s' * (count != 1)}, about {read['seconds']:.0f} s")
    if lost:
        remark("Left out: " + ", ".join(f"{what} ({times})" for what, times in lost.items()))
    return {"brief": brief or taken["title"] or taken["scenes"][0]["text"], "script": taken}


def inputs_of(assignments: Sequence[str], *, option: str = "--input") -> dict[str, Any]:
    """`name=value` pairs; a value that is JSON is taken as such, anything else as text. Raises `Trouble`."""
    return dict(_assignment(text, option) for text in assignments)


def edit_of(assignments: Sequence[str]) -> dict[str, Any] | None:
    """`path.to.member=value` pairs as one JSON merge patch; None if there are none. Raises `Trouble`."""
    patch: dict[str, Any] = {}
    for text in assignments:
        path, value = _assignment(text, "--set")
        *folders, name = path.split(".")
        place = patch
        for folder in folders:
            place = place.setdefault(folder, {})
            if not isinstance(place, dict):
                raise _unusable(text, "--set")
        place[name] = value
    return patch or None


def _assignment(text: str, option: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or ".." in name:
        raise _unusable(text, option)
    try:
        return name.strip(), json.loads(value)
    except ValueError:
        return name.strip(), value


def _unusable(text: str, option: str) -> Trouble:
    return Trouble(
        f"{option} {text!r} is not of the form name=value.",
        exit_code=ExitCode.USAGE,
        code="invalid",
        next_step=f"Write it like {option} title='A better title'.",
    )
