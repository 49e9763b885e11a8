"""An adapter that is not ours, named by the models' file: the example of the documentation, on an Ollama of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.errors import VendorUnavailable
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from testkit.chat_model import MODEL, ChatModel, Trouble
from testkit.listening import listening
from testkit.ports.text_model import BRIEF, TextModelPromises
from vendors.text_model import PROPOSE_IDEAS, Directly, TextModel, TextRequest
from vendors.text_model.models_file import BadModelsFile, read_models_file

EXAMPLES = Path(__file__).parents[4] / "docs" / "examples"
pytestmark = pytest.mark.feature("P75")


@pytest.fixture
async def ollama(server: ChatModel) -> AsyncIterator[str]:
    """An address at which the stand-in is asked in Ollama's own words."""
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as behind:

        async def chat(request: Request) -> Response:
            asked = orjson.loads(await request.body())
            shape = {"type": "json_schema", "json_schema": {"name": "answer", "schema": asked["format"]}}
            body = {"model": asked["model"], "messages": asked["messages"], "response_format": shape}
            answer = await behind.post("chat/completions", json=body | {"options": asked["options"]})
            said = answer.json()
            if not answer.is_success:
                return JSONResponse({"error": said["error"]["message"]}, status_code=answer.status_code)
            choice, used = said["choices"][0], said["usage"]
            told = {"model": MODEL, "message": choice["message"], "done_reason": choice["finish_reason"]}
            counts = {"prompt_eval_count": used["prompt_tokens"], "eval_count": used["completion_tokens"]}
            return JSONResponse(told | counts)

        async def tags(request: Request) -> Response:
            return JSONResponse({"models": [{"name": MODEL, "model": MODEL}]})

        routes = [Route("/api/chat", chat, methods=["POST"]), Route("/api/tags", tags)]
        async with listening(Starlette(routes=routes)) as url:
            yield url


@pytest.fixture
def configured(
    make: Callable[..., TextModel], ollama: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., TextModel]:
    """`configured(name="llama3.1")` → the text model of a file that names the example."""
    monkeypatch.syspath_prepend(EXAMPLES)

    def build(speaks: str = "ollama_chat:OllamaChat", name: str = MODEL) -> TextModel:
        path = tmp_path / "models.yaml"
        path.write_bytes(orjson.dumps(a_file(speaks, url=ollama, name=name)))
        return make(models_file=str(path), text_model_url="", text_model_cache_seconds=0)

    return build


def a_file(speaks: str, *, url: str, name: str) -> dict[str, Any]:
    price = {"input": 0, "output": 0, "as_of": "2026-11-01"}
    return {
        "endpoints": {"home": {"speaks": speaks, "url": url}},
        "models": {"own": {"endpoint": "home", "name": name, "price": price, "seed": 7}},
        "routes": {"default": ["own"]},
    }


class TestAnAdapterOfOnesOwn(TextModelPromises):
    @pytest.fixture
    def text_model(self, configured: Callable[..., TextModel]) -> TextModel:
        return configured()


async def test_it_is_told_how_to_sample_and_its_errors_are_the_ports(
    configured: Callable[..., TextModel], server: ChatModel
) -> None:
    ideas = TextRequest(PROPOSE_IDEAS, IdeationOutput, IdeationInput(brief=BRIEF, count=2))
    written = await configured().write(ideas, asking=Directly())
    assert (written.model, written.cost_usd_micros, written.input_tokens) == (f"home/{MODEL}", 0, 11)
    assert server.asked[0]["options"] == {"num_predict": 4000, "seed": 7}
    server.troubles[1] = Trouble(503)
    with pytest.raises(VendorUnavailable):
        await configured().write(ideas, asking=Directly())


async def test_a_model_that_it_does_not_have_is_noticed(configured: Callable[..., TextModel]) -> None:
    assert await configured().notice() is None
    assert "home has no model 'gone'" in str(await configured(name="gone").notice())


@pytest.mark.parametrize(
    ("speaks", "said"),
    [
        ("nowhere_at_all:Class", "there is no such class here: No module named 'nowhere_at_all'"),
        ("ollama_chat:Missing", "there is no such class here: .*no attribute 'Missing'"),
        ("morse", "endpoints.home.speaks"),
    ],
)
def test_a_class_that_is_not_there_is_said_when_the_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, speaks: str, said: str
) -> None:
    monkeypatch.syspath_prepend(EXAMPLES)
    path = tmp_path / "models.yaml"
    path.write_bytes(orjson.dumps(a_file(speaks, url="http://h", name="m")))
    with pytest.raises(BadModelsFile, match=said):
        read_models_file(path)
