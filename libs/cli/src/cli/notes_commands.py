"""Notes on what a run waits with, and what asking for changes would have done again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.reporting import reported
from cli.run_commands import AsJson, RunRef

if TYPE_CHECKING:
    from cli.client import Client

_STATES = {"open": "•", "requested": "…", "addressed": "→", "resolved": "✓", "withdrawn": "–"}


@reported
def notes(
    wanted: RunRef = "last",
    text: Annotated[str, typer.Option("--add", help="Write a note, as the reviewer.")] = "",
    at: Annotated[str, typer.Option("--at", help="Where in the film: 00:07.4 or 00:00:07:12.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the notes on what a run waits with, and what asking for changes would have done again."""
    from cli.choosing import find_run
    from cli.connecting import connected
    from cli.output import print_json, remark, say
    from cli.settings import Settings

    with connected(Settings(), quiet=as_json) as client:
        gate = client.run(find_run(client, wanted)).gate
        if gate is None:
            remark("The run waits at no gate, so there is nothing to note.")
            return
        if text:
            client.write_note(gate.id, text, timecode=at or None)
        found = client.notes(gate.id)
        rework = client.rework(gate.id)
    if as_json:
        print_json({"notes": found, "rework": rework})
        return
    for note in found:
        say(_line(note))
        for reply in note["replies"]:
            say(f"      {reply['author']}: {reply['text']}")
    remark(said_of(rework) if found else "There are no notes.")


def said_of(rework: dict[str, Any]) -> str:
    """In a sentence or two what asking for changes would have done again."""
    if rework["whole"]:
        return "No open note names a scene: the step is done again as a whole, by your comment."
    told = [f"{_scene(order)} {order['stage']}" for order in rework["orders"]]
    kept = rework["kept_scenes"]
    return f"To be done again: {', '.join(told)}. {kept} {'scene stays' if kept == 1 else 'scenes stay'} as they are."


def tell_rework(client: Client, item_id: str) -> None:
    """Say what is about to be done again, before somebody asks for changes."""
    from cli.output import remark

    remark(said_of(client.rework(item_id)))


def _line(note: dict[str, Any]) -> str:
    span = note["span_now"] or note["span"]
    where = span["timecode"] if span else note["path"] or "in general"
    scenes = ", ".join(str(scene["number"]) for scene in note["scenes"])
    guessed = "?" if note["stage_is_guess"] else ""
    scene = f" scene {scenes}" if scenes else ""
    answer = f" ({note['answer']})" if note["answer"] else ""
    return f"{_STATES[note['state']]} {where}{scene} {note['stage']}{guessed}  {note['author']}: {note['text']}{answer}"


def _scene(order: dict[str, Any]) -> str:
    return "the film's" if order["scene"] is None else f"scene {order['scene'] + 1}'s"
