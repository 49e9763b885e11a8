"""How a run ended, as the last thing on the screen."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from rich.console import RenderableType
from rich.text import Text

from cli.answers import Run
from cli.client import Client
from cli.exits import ExitCode
from cli.facts import Film, film_of, film_path
from cli.journey import Journey, title_of
from cli.output import (
    AMBER,
    GREEN,
    QUIET,
    card,
    clock_length,
    console,
    pairs,
    remark,
    say,
    short_id,
    show_trouble,
    size,
    span,
    stacked,
)
from cli.places import shown
from cli.trouble import Trouble

_OFFLINE, _SANDBOX = "offline", "sandbox"
HONEST = (
    "Made by the offline stand-ins: a rule-based writer, drawn scenes and a draft voice. "
    "No model was asked and nothing left this machine."
)
_PARTLY = "Made with offline stand-ins: the run says for what, and so does each artifact."
_PRACTICE = "Some of it is made by the sandbox of vendors, which stands in for them: no vendor was asked for it."


def said_of(origins: Collection[str]) -> str:
    """What has to be said of who made a film, besides its vendors; empty if they made all of it."""
    if set(origins) == {_OFFLINE}:
        return HONEST
    said = {_OFFLINE: _PARTLY, _SANDBOX: _PRACTICE}
    return " ".join(text for origin, text in said.items() if origin in origins)


def show_ending(client: Client, run: Run, journey: Journey) -> None:
    """The film and what can be done next, or the panel that says why there is none."""
    if not run.is_over:
        _say_waiting(client, run)
    elif run.state == "completed":
        _show_film(client, run, journey)
    else:
        show_trouble(trouble_of(run))


def trouble_of(run: Run) -> Trouble:
    """Why a run that is over has no film."""
    kept = f"everything it made: ./greenlight show {short_id(run.run_id)}"
    if run.error is not None:
        done = ", ".join(title_of(step) for step in run.error.kept)
        return Trouble(
            run.error.detail,
            exit_code=ExitCode.RUN_FAILED,
            code=run.error.code,
            title="The run failed",
            stage=title_of(run.error.stage),
            kept=done or "the brief",
            next_step=run.error.next_action or None,
        )
    if run.state == "rejected":
        return Trouble(
            run.rejection or "A reviewer rejected it.",
            exit_code=ExitCode.RUN_FAILED,
            code="rejected",
            title="The run was rejected",
            stage=title_of(run.current_step) if run.current_step else None,
            kept=kept,
            next_step="Start again with a brief that answers the reviewer.",
        )
    return Trouble(
        "Somebody cancelled it.",
        exit_code=ExitCode.RUN_FAILED,
        code="cancelled",
        title="The run was cancelled",
        stage=title_of(run.current_step) if run.current_step else None,
        kept=kept,
    )


def resume_command(run: Run) -> str:
    """What brings somebody back to a run."""
    return f"./greenlight run --resume {short_id(run.run_id)}"


def _say_waiting(client: Client, run: Run) -> None:
    where = title_of(run.gate.step) if run.gate else run.status
    lines = [f"The run waits for a decision ({where}); nothing is lost while it waits."]
    if client.target.lasts:
        lines.append(f"  decide   ./greenlight approve {short_id(run.run_id)}   (or changes, reject)")
    lines.append(f"  go on    {resume_command(run)}")
    remark("\n".join(lines), style=AMBER)


def _show_film(client: Client, run: Run, journey: Journey) -> None:
    steps = client.steps(run.run_id)
    film = film_of(run, steps, client.artifacts(run.run_id))
    if film is None:
        say(f"Completed: run {short_id(run.run_id)}", style=GREEN)
        return
    path = client.download(film.artifact, film_path(client.target.data, run))
    console().print()
    console().print(_film_card(run, film, journey))
    _say_where(film, path, lasts=client.target.lasts)
    _say_next(run, lasts=client.target.lasts)


def _film_card(run: Run, film: Film, journey: Journey) -> RenderableType:
    facts = (clock_length(film.duration_ms) if film.duration_ms else None, film.picture, size(film.artifact.size))
    whole = journey.ended_at and journey.began_at and (journey.ended_at - journey.began_at).total_seconds()
    times = ", ".join(
        f"{stage.title.lower()} {span(stage.seconds)}"
        for stage in journey.stages.values()
        if stage.seconds is not None and stage.seconds >= 0.1
    )
    again = [f"{stage.title.lower()} {stage.visit}" for stage in journey.stages.values() if stage.visit > 1]
    rows = pairs(
        ("picture", ", ".join(fact for fact in facts if fact)),
        ("sound", film.sound),
        ("took", f"{span(whole)} ({times})" if whole else None),
        ("takes", ", ".join(again) or None),
    )
    degraded = [Text(f"Degraded: {detail}", style=AMBER) for detail in journey.downgrades]
    said = said_of(run.origins)
    honest = [Text(), Text(said, style=QUIET)] if said else []
    return card(stacked(rows, *degraded, *honest), title=film.title, style=GREEN)


def _say_where(film: Film, path: Path, *, lasts: bool) -> None:
    """Addresses on lines of their own and never broken, so that they can be clicked and copied."""
    console().print(Text("film  ", style=QUIET).append(shown(path), style="bold"), soft_wrap=True)
    for url in film.urls:
        console().print(Text("feed  ", style=QUIET).append(url, style="bold"), soft_wrap=True)
    if film.urls and not lasts:
        say("      (the feed is there while a stack runs)", style=QUIET)
    console().print()


def _say_next(run: Run, *, lasts: bool) -> None:
    rows = [
        (f"./greenlight open {short_id(run.run_id)}", "everything it made: script, clips, captions"),
        (f"./greenlight show {short_id(run.run_id)} --history", "what happened, in order"),
        ("./greenlight run “…”", "the next film"),
    ]
    if not lasts:
        rows.append(("./greenlight up --detach", "keep the studio open, with its feed"))
    width = max(len(command) for command, _ in rows)
    for command, what in rows:
        console().print(Text(f"{command:<{width}}   ").append(what, style=QUIET), soft_wrap=True)
