"""Language models: OpenRouter's chat completions, and Llama Stack of two generations with its shield.

What is asked and answered has the vendors' form; who writes is no model (`writer`). `forbidden` in a question is what
their moderation stops, as it is elsewhere in the sandbox.
"""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from sandbox import openrouter_videos
from sandbox.kit.completions import as_asked, completion, function_call, text_of
from sandbox.kit.faults import FaultKind
from sandbox.kit.site import Site, object_in, planted
from sandbox.openai_videos import FORBIDDEN
from sandbox.writer import first_words, written

MODEL = "together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo"
"""The one model there is: a name whose price is known, so that caps and costs are those of a real one."""
SHIELD = "llama-guard"
STACKS = {"/llama_stack": ("0.7.3", "/v1"), "/llama_stack_0_2": ("0.2.12", "/v1/openai/v1")}
"""A server of Llama Stack for each generation: its version, and where its chat completions are."""
USD_A_TOKEN = 0.88e-6
_LEVEL = {"violation_level": "error", "user_message": "I can't answer that.", "metadata": {"violation_type": "S1"}}


def router(site: Site) -> APIRouter:
    """The routes of all of them."""
    routes = APIRouter(tags=["models"])

    @routes.post(f"{openrouter_videos.PREFIX}/chat/completions")
    async def route_chat(request: Request) -> Response:
        body = await object_in(request)
        if problem := _openrouter_complaint(site, request, body):
            return problem
        return _answer(site, request, body, vendor="openrouter")

    for prefix, (version, chat) in STACKS.items():
        _add_stack(routes, site, prefix, version=version, chat=chat)
    return routes


def _add_stack(routes: APIRouter, site: Site, prefix: str, *, version: str, chat: str) -> None:
    @routes.get(f"{prefix}/v1/version")
    async def say_version() -> dict[str, str]:
        return {"version": version}

    @routes.get(f"{prefix}/v1/models")
    async def models() -> dict[str, Any]:
        if version.startswith("0.2."):
            return {"data": [{"identifier": MODEL, "provider_id": "sandbox", "type": "model", "model_type": "llm"}]}
        return {"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "sandbox"}]}

    @routes.post(f"{prefix}{chat}/chat/completions")
    async def stack_chat(request: Request) -> Response:
        body = await object_in(request)
        if not site.is_bearer(request):
            return _stack_error(401, "Invalid API key.")
        if body.get("model") != MODEL:
            return _stack_error(404, f"Model {body.get('model')!r} not found.")
        if not body.get("messages"):
            return _stack_error(400, "messages: Field required")
        return _answer(site, request, body, vendor="llama_stack")

    @routes.get(f"{prefix}/v1/shields")
    async def shields() -> dict[str, Any]:
        return {"data": [{"identifier": SHIELD, "type": "shield", "provider_id": "sandbox"}]}

    @routes.post(f"{prefix}/v1/safety/run-shield")
    async def run_shield(request: Request) -> Response:
        body = await object_in(request)
        if body.get("shield_id") != SHIELD:
            return _stack_error(400, f"Shield {body.get('shield_id')!r} not found.")
        text = " ".join(text_of(message) for message in body.get("messages") or ())
        return JSONResponse({"violation": _LEVEL if FORBIDDEN in text.lower() else None})

    @routes.post(f"{prefix}/v1/moderations")
    async def moderations(request: Request) -> Response:
        body = await object_in(request)
        if version.startswith("0.2.") or body.get("model") != SHIELD:
            return _stack_error(404, "Not Found")
        flagged = FORBIDDEN in str(body.get("input", "")).lower()
        result = {"flagged": flagged, "categories": {"violent": flagged}, "category_scores": {}}
        return JSONResponse({"id": "modr-1", "model": SHIELD, "results": [result]})


def _answer(site: Site, request: Request, body: dict[str, Any], *, vendor: str) -> Response:
    message, finish = _message(body)
    if any(fault.kind is FaultKind.FAILS for fault in planted(request)):
        message, finish = {"role": "assistant", "content": None, "refusal": "I can't help with that."}, "stop"
    read, wrote = (len(text.split()) for text in (_all_said(body), orjson.dumps(message).decode()))
    usage: dict[str, Any] = {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}
    cost = round((read + wrote) * USD_A_TOKEN, 8)
    if vendor == "openrouter":
        # Llama Stack says what was read and written, and no price.
        usage |= {"cost": cost, "is_byok": False}
    site.note("model.asked", vendor=vendor, tokens=read + wrote, cost_usd=cost)
    return as_asked(body, completion(message, model=MODEL, finish=finish, usage=usage))


def _message(body: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The answer; a question with tools is answered by calling the first of them once, and then in full."""
    if body.get("tools") and not any(message.get("role") == "tool" for message in body["messages"]):
        tool = body["tools"][0]["function"]
        wanted = tool.get("parameters", {}).get("properties", {})
        given = {name: first_words(body) for name, kind in wanted.items() if kind.get("type") == "string"}
        call = function_call("call_1", tool["name"], orjson.dumps(given).decode())
        return {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"
    return {"role": "assistant", "content": written(body)}, "stop"


def _openrouter_complaint(site: Site, request: Request, body: dict[str, Any]) -> Response | None:
    refusal = openrouter_videos.refusal
    if not site.is_bearer(request):
        return refusal(401, "No auth credentials found")
    if body.get("model") != MODEL:
        return refusal(404, f"No endpoints found for {body.get('model')}.")
    if not body.get("messages"):
        return refusal(400, 'Input required: specify "messages"')
    if FORBIDDEN in (said := _all_said(body)).lower():
        flagged = {"reasons": ["violence"], "flagged_input": said[:100], "provider_name": "sandbox"}
        return refusal(403, "Your chosen model requires moderation and your input was flagged.", flagged)
    return None


def _all_said(body: dict[str, Any]) -> str:
    return " ".join(text_of(message) for message in body["messages"])


def _stack_error(status: int, message: str) -> Response:
    return JSONResponse({"error": {"message": message}}, status_code=status)
