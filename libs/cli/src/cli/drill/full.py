"""Drilling from the command line: once, or a thousand kills in rounds that are remembered."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from embedded.files import private_folder, write_atomically
from pydantic import BaseModel, ConfigDict, ValidationError

from cli.drill.conduct import Drill
from cli.drill.figures import Document, document_of, merged, passed
from cli.drill.keeping import keep
from cli.drill.origin import commit, machine
from cli.drill.plan import FULL_KILLS, FULL_ROUND, FULL_RUNS, DrillPlan, Target, full_round
from cli.drill.site import Site, drilled
from cli.drill.view import page, show
from cli.output import console, print_json, remark
from cli.places import shown

_COMMAND = "./greenlight drill --full"


class Progress(BaseModel):
    """What a full drill has done so far, in `<data>/drill/full.json`."""

    model_config = ConfigDict(extra="ignore")

    commit: str
    machine: str
    seed: int
    rounds: list[dict[str, Any]] = []


def drill_once(data: Path, plan: DrillPlan) -> tuple[Document, bool]:
    """One drill on the stack of a data folder. → its document, and whether it passed."""
    needs_own = Target.RELAY in plan.strikes
    found = asyncio.run(_drill_one(data, plan, needs_own=needs_own))
    document = _with_origin(found, commit=commit(), machine=machine())
    return document, passed(document)


def drill_fully(data: Path, *, report: Path, print_document: bool) -> bool:
    """Go on with the full drill, or begin it; write its table. → whether it passed.

    Each round is kept when it ends, so an interruption loses no more than the round it falls into.
    """
    kept = private_folder(private_folder(data) / "drill") / "full.json"
    progress = _load(kept)
    left = range(len(progress.rounds), FULL_KILLS // FULL_ROUND)
    if progress.rounds and left:
        remark(f"Going on after round {left.start} of {left.stop}, kept in {shown(kept)}.")
    if left:
        asyncio.run(_drill_rounds(data, progress, left, kept=kept, report=report))
    document = _write(progress, report)
    if print_document:
        print_json(document)
    else:
        console().print(show(document))
        remark(f"The table is in {shown(report)}.")
    return passed(document)


async def _drill_one(data: Path, plan: DrillPlan, *, needs_own: bool) -> Document:
    async with drilled(data, needs_own=needs_own) as site:
        return await _carry_out(plan, site)


async def _carry_out(plan: DrillPlan, site: Site) -> Document:
    document = document_of(await Drill(plan, site, tell=remark).run())
    await keep(site, document)
    return document


async def _drill_rounds(data: Path, progress: Progress, left: Sequence[int], *, kept: Path, report: Path) -> None:
    async with drilled(data, needs_own=True) as site:
        for number in left:
            seed = progress.seed + number
            # Every other round also deletes the store, whenever it kills NATS.
            plan = DrillPlan(runs=FULL_RUNS, strikes=full_round(seed=seed), seed=seed, delete_jetstream=number % 2 == 1)
            remark(f"round {number + 1} of {FULL_KILLS // FULL_ROUND}")
            progress.rounds.append(await _carry_out(plan, site))
            write_atomically(kept, progress.model_dump_json(indent=1) + "\n")
            _write(progress, report)


def _load(path: Path) -> Progress:
    """What was done at this commit on this machine; what was done elsewhere is set aside, never mixed in."""
    here = Progress(commit=commit(), machine=machine(), seed=secrets.randbelow(1 << 31))
    try:
        found = Progress.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return here
    if (found.commit, found.machine) == (here.commit, here.machine):
        return found
    aside = path.with_name(f"full-{found.commit}.json")
    path.replace(aside)
    remark(f"What was begun at commit {found.commit} is set aside in {shown(aside)}.")
    return here


def _write(progress: Progress, report: Path) -> Document:
    document = _with_origin(merged(progress.rounds), commit=progress.commit, machine=progress.machine)
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(page(document, command=_COMMAND, rounds=len(progress.rounds)), encoding="utf-8")
    return document


def _with_origin(document: Document, *, commit: str, machine: str) -> Document:
    order: Mapping[str, Any] = {"commit": commit, "machine": machine}
    return {**document, **order}
