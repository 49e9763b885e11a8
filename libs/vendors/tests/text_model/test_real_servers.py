"""The same promises with real servers before the stand-in: a LiteLLM proxy, and Llama Stack of two generations.

They run with `--model-servers FOLDER`, which installs them there: a gigabyte from the package index, once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from common.contracts.agents import AgentInput, AgentOutput
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.errors import GreenlightError, VendorAuthFailed, VendorRateLimited, VendorRefused, VendorUnavailable
from testkit.chat_model import USD_A_CALL, ChatModel, Trouble, chat_model
from testkit.model_servers import KEY, SERVERS, CannotInstall, ModelServer, installed, running
from testkit.ports.text_model import BRIEF, TextModelPromises
from vendors.text_model import PROPOSE_IDEAS, RUN_AGENT, Directly, TextModel, TextRequest
from vendors.text_model.chat import Answer, Finish, Message, Question, ToolSpec
from vendors.text_model.chat import ChatModel as Chat
from vendors.text_model.configured import chat_model as adapter
from vendors.text_model.errors import AnswerTruncated, ContextOverflow, ModelMissing, ModelRefused
from vendors.text_model.models_file import EndpointEntry, ModelEntry

DEPLOYED = Path(__file__).parents[4] / "deploy" / "litellm"
Make = Callable[..., TextModel]
IDEAS = TextRequest(PROPOSE_IDEAS, IdeationOutput, IdeationInput(brief=BRIEF, count=2))
AGENT = TextRequest(RUN_AGENT, AgentOutput, AgentInput(prompt="Why tides?"))


@pytest.fixture(scope="module", params=SERVERS, ids=lambda server: server.name)
def kind(request: pytest.FixtureRequest) -> ModelServer:
    """Each of the servers in turn."""
    server: ModelServer = request.param
    return server


@pytest.fixture(scope="module")
def place(kind: ModelServer, request: pytest.FixtureRequest) -> Path:
    folder = request.config.getoption("--model-servers")
    if not folder:
        pytest.skip("real model servers are run with --model-servers FOLDER, and installed there")
    try:
        return installed(kind, Path(folder))
    except CannotInstall as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
async def stand_in() -> AsyncIterator[ChatModel]:
    async with chat_model() as standing_in:
        yield standing_in


@pytest.fixture(scope="module")
async def url(
    kind: ModelServer, place: Path, stand_in: ChatModel, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    data = tmp_path_factory.mktemp(kind.name)
    async with running(kind, place, model_url=stand_in.url, data=data) as address:
        yield address


@pytest.fixture
def server(stand_in: ChatModel, url: str) -> ChatModel:
    """The model behind the server, as if nobody had asked it anything."""
    stand_in.asked, stand_in.troubles, stand_in.says_cost = [], {}, True
    return stand_in


@pytest.fixture
def settings(kind: ModelServer, url: str) -> dict[str, Any]:
    return {
        "text_model_speaks": kind.speaks,
        "text_model_url": f"{url}{kind.base}",
        "text_model_name": kind.model,
        "text_model_key": KEY,
    }


@pytest.fixture
def text_model(make: Make, settings: dict[str, Any], server: ChatModel) -> TextModel:
    return make(**settings)


@pytest.fixture
async def chat(kind: ModelServer, url: str) -> AsyncIterator[Chat]:
    """The adapter alone."""
    endpoint = EndpointEntry.model_validate({"speaks": kind.speaks, "url": f"{url}{kind.base}"})
    model = adapter(endpoint, ModelEntry(endpoint="e", name=kind.model), place="e", key=KEY)
    yield model
    await model.close()


@pytest.mark.feature("M4")
class TestARealServer(TextModelPromises):
    @pytest.fixture
    def text_model(self, make: Make, settings: dict[str, Any], server: ChatModel) -> TextModel:
        return make(**settings)


async def test_it_is_found_and_has_the_model(chat: Chat, kind: ModelServer, url: str) -> None:
    await chat.verify()
    endpoint = EndpointEntry.model_validate({"speaks": kind.speaks, "url": f"{url}{kind.base}"})
    other = adapter(endpoint, ModelEntry(endpoint="e", name="no-such-model"), place="e", key=KEY)
    with pytest.raises(ModelMissing, match="no-such-model"):
        await other.verify()
    with pytest.raises((ModelMissing, VendorRefused)):
        await other.complete(Question(messages=(Message(role="user", content="Hi"),), max_output_tokens=50))
    await other.close()


async def test_the_shape_of_an_answer_reaches_the_model(text_model: TextModel, server: ChatModel) -> None:
    written = await text_model.write(IDEAS, asking=Directly())
    assert server.asked[0]["response_format"]["json_schema"]["name"] == PROPOSE_IDEAS
    assert (written.input_tokens, written.output_tokens) == (11, 40)
    assert written.cost_usd_micros == USD_A_CALL * 1_000_000


async def test_a_wrong_answer_is_put_right(text_model: TextModel, server: ChatModel) -> None:
    server.troubles[0] = Trouble(text="Here are some ideas!")
    assert (await text_model.write(IDEAS, asking=Directly())).asked == 2


async def test_an_answer_is_heard_as_it_is_written(text_model: TextModel, server: ChatModel) -> None:
    heard: list[str] = []

    class Listening(Directly):
        async def hear(self, text: str) -> None:
            heard.append(text)

    server.troubles[0] = Trouble(text="The moon pulls. The sea follows.")
    written = await text_model.write(AGENT, asking=Listening())
    assert "".join(heard).strip() == written.value.text == "The moon pulls. The sea follows."
    assert len(heard) > 1


async def test_a_tool_is_called_for(chat: Chat, server: ChatModel) -> None:
    schema = {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]}
    tool = ToolSpec(name="tide_at", description="When the tide is high.", parameters=schema)
    question = Question(messages=(Message(role="user", content="When?"),), max_output_tokens=50, tools=(tool,))

    async def ignore(_: str) -> None:
        return

    for hear in (None, ignore):
        answer: Answer = await chat.complete(question, hear=hear)
        assert answer.finish is Finish.TOOLS
        [call] = answer.tool_calls
        assert (call.name, call.arguments) == ("tide_at", '{"place":"tides"}')
        said = Message(role="assistant", tool_calls=answer.tool_calls)
        given = Message(role="tool", tool_call_id=call.id, content='"at noon"')
        told = await chat.complete(question.model_copy(update={"messages": (*question.messages, said, given)}))
        assert told.text == 'The tool said "at noon".'


FAILURES: dict[str, tuple[Trouble, type[GreenlightError]]] = {
    "a bad key": (Trouble(401), VendorAuthFailed),
    "too many": (Trouble(429, headers={"retry-after": "7"}), VendorRateLimited),
    "broken": (Trouble(500), VendorUnavailable),
    "busy": (Trouble(503), VendorUnavailable),
    "too long": (
        Trouble(400, message="This model's maximum context length is 8192 tokens.", code="context_length_exceeded"),
        ContextOverflow,
    ),
    "cut off": (Trouble(text='{"ideas": [', finish="length"), AnswerTruncated),
    "filtered": (Trouble(text="", finish="content_filter"), ModelRefused),
    "declined": (Trouble(refusal="I would rather not."), ModelRefused),
}
SWALLOWED: dict[str, dict[str, type[GreenlightError]]] = {
    # It answers 500 whatever its provider said.
    "llama-stack-0.2.12": {"a bad key": VendorUnavailable, "too many": VendorUnavailable},
}


@pytest.mark.parametrize("what", FAILURES)
async def test_failures_behind_it_keep_their_names(
    text_model: TextModel, kind: ModelServer, server: ChatModel, what: str
) -> None:
    trouble, error = FAILURES[what]
    # Some servers ask again by themselves.
    server.troubles = dict.fromkeys(range(9), trouble)
    with pytest.raises(GreenlightError) as raised:
        await text_model.write(IDEAS, asking=Directly())
    assert type(raised.value) is SWALLOWED.get(kind.name, {}).get(what, error), raised.value.detail


@pytest.mark.feature("F39")
async def test_the_proxy_of_compose_offers_what_its_file_says(
    request: pytest.FixtureRequest, stand_in: ChatModel, tmp_path: Path
) -> None:
    folder = request.config.getoption("--model-servers")
    if not folder:
        pytest.skip("real model servers are run with --model-servers FOLDER, and installed there")
    [proxy] = (server for server in SERVERS if server.name.startswith("litellm"))
    vendor = {"OPENAI_API_BASE": "$model_url", "OPENAI_API_KEY": "fake"}
    deployed = replace(proxy, config=(DEPLOYED / "config.yaml").read_text(), environment=vendor)
    async with running(deployed, installed(proxy, Path(folder)), model_url=stand_in.url, data=tmp_path) as url:
        endpoint = EndpointEntry.model_validate({"speaks": "openai", "url": f"{url}/v1"})
        question = Question(messages=(Message(role="user", content="Hi"),), max_output_tokens=50)
        for name in ("openai", "anthropic", "gemini", "ollama"):
            model = adapter(endpoint, ModelEntry(endpoint="e", name=name), place="e", key=KEY)
            await model.verify()
            if name == "openai":
                assert (await model.complete(question)).text
            else:
                # Nobody gave it a key, or an address, and it says so instead of asking another model.
                with pytest.raises(GreenlightError):
                    await model.complete(question)
            await model.close()
        stranger = adapter(endpoint, ModelEntry(endpoint="e", name="openai"), place="e", key="sk-another")
        # It looks an unknown key up in a database that it has not been given.
        with pytest.raises((VendorAuthFailed, VendorRefused)):
            await stranger.complete(question)
        await stranger.close()
