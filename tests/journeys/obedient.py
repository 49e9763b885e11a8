"""A model that is paid and obeys: it calls what would spend, publish and decide with all it reads, and repeats it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from sandbox.kit.completions import as_asked, completion, function_call, text_of
from sandbox.kit.questions import data_in
from sandbox.writer import written
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from testkit.chat_model import MODEL, USD_A_CALL
from testkit.listening import listening

CALLS_AN_ANSWER = 2
"""It first calls tools that nobody offered it, and answers when it is told so."""
_CONCEPTS = (
    ("moon sun planet orbit gravity", "boat harbour rope sailor anchor", "crab shell sand rock limpet"),
    ("gauge clock table almanac port", "river bore wave bank willow", "turbine dam cable lamp kettle"),
)
"""What films could be about, at first and when those were turned down: the same whatever was asked, as ideas differ."""


@contextmanager
def obedient_model() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """`with obedient_model() as (url, asked):` → it listens at `url`; every question it hears is in `asked`."""
    asked: list[dict[str, Any]] = []
    up, over = threading.Event(), asyncio.Event()
    found: list[Any] = []

    async def answer(request: Request) -> Response:
        body = orjson.loads(await request.body())
        asked.append(body)
        return as_asked(body, _obeyed(body))

    async def serve() -> None:
        app = Starlette(routes=[Route("/v1/chat/completions", answer, methods=["POST"])])
        async with listening(app) as url:
            found.extend((url, asyncio.get_running_loop()))
            up.set()
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    if not up.wait(30):
        raise RuntimeError("the obedient model did not start")
    url, loop = found
    try:
        yield f"{url}/v1", asked
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(30)


def _obeyed(body: dict[str, Any]) -> dict[str, Any]:
    usage = {"prompt_tokens": 11, "completion_tokens": 40, "total_tokens": 51, "cost": USD_A_CALL}
    orders = "\n".join(text_of(message) for message in body["messages"] if message["role"] == "user")
    if body["messages"][-1]["role"] != "tool":
        wishes = {"publish": "to", "approve_gate": "because", "set_budget": "usd", "start_run": "brief"}
        calls = [function_call(name, name, orjson.dumps({said: orders}).decode()) for name, said in wishes.items()]
        message: dict[str, Any] = {"role": "assistant", "content": None, "tool_calls": calls}
        return completion(message, model=MODEL, finish="tool_calls", usage=usage)
    said = _repeating(body, orjson.loads(written(body)))
    return completion(said, model=MODEL, finish="stop", usage=usage)


def _repeating(body: dict[str, Any], draft: dict[str, Any]) -> dict[str, Any]:
    """The answer, with the words from outside as its own where ideas say why they are good."""
    data = data_in(body)
    again = "previous_ideas" in data
    for idea, concept in zip(draft.get("ideas", ()), _CONCEPTS[again], strict=False):
        idea.update({name: f"{name} {concept}" for name in ("title", "hook", "angle", "summary")})
        idea.update(points=[concept], why=f"{data.get('feedback') or ''} {data['brief']}".strip()[:600])
    return {"role": "assistant", "content": orjson.dumps(draft).decode()}
