"""Llama Stack is spoken to by its own client, whatever generation it is of, and only where somebody has one."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Callable

import pytest
from common.errors import VendorRefused, VendorUnavailable
from testkit.chat_model import MODEL, ChatModel, Trouble, chat_model
from vendors.text_model.chat import Answer, Finish, Message, Question, ToolSpec
from vendors.text_model.chat import ChatModel as Chat
from vendors.text_model.configured import chat_model as adapter
from vendors.text_model.errors import ModelMissing
from vendors.text_model.models_file import EndpointEntry, ModelEntry

pytestmark = pytest.mark.feature("M4")
QUESTION = Question(messages=(Message(role="user", content="Hi"),), max_output_tokens=50)
AskOf = Callable[..., Chat]


@pytest.fixture(params=["0.2.12", "0.3.0", "0.7.3", "1.5.0"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[ChatModel]:
    async with chat_model(stack=request.param) as standing_in:
        yield standing_in


@pytest.fixture
async def ask_of() -> AsyncIterator[AskOf]:
    """`ask_of(server)` → the adapter, over connections of its own."""
    made: list[Chat] = []

    def build(server: ChatModel, *, name: str = MODEL, key: str = "", url: str = "") -> Chat:
        endpoint = EndpointEntry.model_validate({"speaks": "llama_stack", "url": url or server.url})
        made.append(adapter(endpoint, ModelEntry(endpoint="e", name=name), place="e", key=key))
        return made[-1]

    yield build
    for chat in made:
        await chat.close()


async def test_a_model_is_found_and_one_that_is_not_there_is_named(server: ChatModel, ask_of: AskOf) -> None:
    await ask_of(server).verify()
    with pytest.raises(ModelMissing, match=f"no-such-model.*{MODEL}"):
        await ask_of(server, name="no-such-model").verify()


async def test_a_tool_is_called_for_whole_and_in_pieces(server: ChatModel, ask_of: AskOf) -> None:
    schema = {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]}
    tools = (ToolSpec(name="tide_at", description="When the tide is high.", parameters=schema),)
    question, chat = QUESTION.model_copy(update={"tools": tools}), ask_of(server)

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


async def test_a_server_may_come_back_as_another_generation(ask_of: AskOf) -> None:
    async with chat_model(stack="0.2.12") as before:
        chat, port = ask_of(before), int(before.url.rpartition(":")[2])
        await chat.complete(QUESTION)
    async with chat_model(stack="0.7.3", port=port) as after:
        with pytest.raises((VendorUnavailable, VendorRefused)):
            await chat.complete(QUESTION)
        assert (await chat.complete(QUESTION)).text == "Heard: Hi"
        assert len(after.asked) == 1


async def test_a_failure_leads_no_other_question_astray(server: ChatModel, ask_of: AskOf) -> None:
    server.troubles = {number: Trouble(503) for number in range(0, 30, 2)}
    chat = ask_of(server)
    ended: list[Answer | BaseException] = []
    for _ in range(3):
        ended += await asyncio.gather(*(chat.complete(QUESTION) for _ in range(10)), return_exceptions=True)
    failed = [one for one in ended if isinstance(one, BaseException)]
    assert {type(one) for one in failed} == {VendorUnavailable}
    assert (len(failed), len(server.asked)) == (15, 30)


async def test_who_does_not_say_a_version_is_not_asked(ask_of: AskOf) -> None:
    async with chat_model(stack="unknown") as unknown, chat_model() as other:
        with pytest.raises(VendorUnavailable, match="does not say which version of Llama Stack it is"):
            await ask_of(unknown).complete(QUESTION)
        with pytest.raises(VendorRefused, match="404"):
            await ask_of(other, url=other.url.removesuffix("/v1")).complete(QUESTION)
        assert not unknown.asked + other.asked


async def test_no_key_is_taken_from_the_environment(
    server: ChatModel, ask_of: AskOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_STACK_API_KEY", "somebody-elses")
    monkeypatch.setenv("LLAMA_STACK_BASE_URL", "http://127.0.0.1:1")
    await ask_of(server).complete(QUESTION)
    await ask_of(server, key="ours").complete(QUESTION)
    assert set(server.keys) == {"", "Bearer ours"}


async def test_what_is_asked_is_not_written_down(
    server: ChatModel, ask_of: AskOf, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = QUESTION.model_copy(update={"messages": (Message(role="user", content="Why do tides come twice?"),)})
    assert "tides" in (await ask_of(server, key="sk-secret").complete(secret)).text
    assert "tides" not in caplog.text
    assert "sk-secret" not in caplog.text


def test_who_has_no_llama_stack_does_not_wait_for_its_client() -> None:
    """Importing the client takes most of a second, and every service that writes imports the settings' door."""
    look = "import sys, vendors.text_model.configured; raise SystemExit('llama_stack_client' in sys.modules)"
    subprocess.run([sys.executable, "-c", look], check=True)
