"""The text model of an installation: language models behind routes, each told its task by a prompt.

A wrong answer is asked for again with what is wrong about it. Each question is a call of its own, under a key that
names its model and how often it was asked: a retry reads what was answered before and goes on from there.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import Any

from common.contracts.message import AgentSpec
from common.contracts.values import Downgrade, JsonObject, Origin
from common.errors import (
    GreenlightError,
    Transient,
    VendorAuthFailed,
    VendorRateLimited,
    VendorRefused,
    VendorUnavailable,
)
from pydantic import ValidationError
from redis.asyncio import Redis

from vendors.text_model.chat import Answer, ChatModel, Finish, Message, Question
from vendors.text_model.errors import (
    AnswerMalformed,
    AnswerTruncated,
    ContextOverflow,
    ModelMissing,
    ModelRefused,
    PriceUnknown,
    TooManyTurns,
    UnknownModel,
    UnknownTask,
    require_offered,
)
from vendors.text_model.models_file import OFFLINE, ModelEntry, Price, Routes
from vendors.text_model.offline import OfflineTextModel
from vendors.text_model.pace import Pace
from vendors.text_model.port import WRITE_SCRIPT, Asked, Asking, Out, TextRequest, Written
from vendors.text_model.prices import cost_of, most_for
from vendors.text_model.remembering import Remembering
from vendors.text_model.rewriting import REWRITE_BEAT, REWRITE_POST
from vendors.text_model.tasks import TASKS, Task, question_for
from vendors.text_model.tool import Tool

_STANDS_IN_FOR = (
    VendorUnavailable,
    VendorRateLimited,
    VendorAuthFailed,
    VendorRefused,
    ModelMissing,
    ContextOverflow,
    AnswerTruncated,
    AnswerMalformed,
    PriceUnknown,
)
"""Failures after which the route's next model is asked. A refusal is none: nobody shops for a model that will."""
_NOT_THE_MODEL = (ContextOverflow, AnswerTruncated, PriceUnknown, ModelRefused)
"""Failures that say nothing about how the model will do with another question."""
_MOST_TURNS = 8
"""How often in a row a model may call tools before it has to answer."""
_MOST_SAID = 1500
_LOOK_SECONDS = 60.0
_PATIENCE_SECONDS = 1.5
"""Shorter than `/health` waits for a notice."""


@dataclass(frozen=True)
class Candidate:
    """A model that can be asked, at one of its endpoints."""

    id: str
    key: str
    """Under which its answers are written down: another one at each endpoint."""
    chat: ChatModel
    entry: ModelEntry
    price: Price | None
    address: str
    """Where it is and what it is called there: limits and rests are shared by whoever asks the same model."""
    places: asyncio.Semaphore = field(compare=False)

    @property
    def sampling(self) -> JsonObject:
        """How it samples, unless the agent says otherwise."""
        said = {"temperature": self.entry.temperature, "top_p": self.entry.top_p, "seed": self.entry.seed}
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True)
class Memory:
    """Where answers are kept, and for how long."""

    redis: Redis
    seconds: int


class RoutedTextModel:
    """Asks the first model of a route, and the next ones when that fails; then the answer says who stood in."""

    def __init__(
        self,
        candidates: Mapping[str, Sequence[Candidate]],
        *,
        routes: Routes,
        origin: Origin,
        pace: Pace,
        memory: Memory | None,
    ) -> None:
        self._candidates = candidates
        self._turns = count()
        self._routes = routes
        self._origin = origin
        self._pace = pace
        self._memory = memory
        self._offline = OfflineTextModel()
        self._look_again = 0.0
        self._noticed: str | None = None

    @property
    def name(self) -> str:
        """The first model of the default route."""
        first = self._routes.default[0]
        return self._offline.name if first == OFFLINE else self._candidates[first][0].chat.name

    @property
    def models(self) -> tuple[str, ...]:
        """Those of the models' file; the writer without a model, too, where it may stand in."""
        stands_in = (OFFLINE,) if self._routes.uses_offline else ()
        return (*sorted(self._candidates), *stands_in)

    async def write(self, request: TextRequest[Out], *, asking: Asking) -> Written[Out]:
        """The answer of the first model that gives one. Raises the first error that waiting can mend, else the first.

        Raises `ModelRefused` as soon as a model declines, `ModelNotOffered` for one that a request names, and
        `UnknownModel` for one an agent names, and nobody knows.
        """
        require_offered(request.model, self.models)
        task = TASKS.get(request.task)
        if task is None:
            raise UnknownTask(f"No model was told what {request.task!r} is; known are {', '.join(sorted(TASKS))}.")
        failures: list[tuple[str, GreenlightError]] = []
        route = self._route_for(request)
        for candidate in await self._in_order(route, task, request, asking):
            model = candidate.id if candidate else OFFLINE
            try:
                written = await self._try(candidate, task, request, asking)
            except ModelRefused:
                raise
            except _STANDS_IN_FOR as error:
                failures.append((model, error))
                continue
            return written if model == route[0] else _stood_in(written, route[0], failures, task)
        raise next((error for _, error in failures if isinstance(error, Transient)), failures[0][1])

    async def notice(self) -> str | None:
        """Which models are not there or do not answer. They are looked for once a minute at most."""
        if time.monotonic() >= self._look_again:
            self._look_again = time.monotonic() + _LOOK_SECONDS
            found = await asyncio.gather(*map(_trouble_of, chain(*self._candidates.values())))
            self._noticed = " ".join(trouble for trouble in found if trouble) or None
        return self._noticed

    async def close(self) -> None:
        """Close all models' connections."""
        for candidate in chain(*self._candidates.values()):
            await candidate.chat.close()

    def _route_for(self, request: TextRequest[Any]) -> Sequence[str]:
        agent = request.agent or AgentSpec(name="")
        route = self._routes.agents.get(agent.name) or self._routes.tasks.get(request.task) or self._routes.default
        if request.model is not None:
            return (request.model, *(model for model in route if model != request.model))
        if agent.model is None:
            return route
        if agent.model not in self._candidates:
            raise UnknownModel(
                f"Agent {agent.name!r} names the model {agent.model!r}; the models' file has"
                f" {', '.join(sorted(self._candidates))}."
            )
        return (agent.model, *(model for model in route if model != agent.model))

    async def _in_order(
        self, route: Sequence[str], task: Task, request: TextRequest[Any], asking: Asking
    ) -> list[Candidate | None]:
        """Whom to ask, one after the other; None is the writer without a model. The endpoints of a model take turns.

        Whoever has answered in an earlier attempt comes first, and whoever failed often last.
        """
        turn = next(self._turns)
        ranked: list[tuple[int, Candidate | None]] = []
        for model in route:
            if model == OFFLINE:
                ranked.append((1, None))
                continue
            places = self._candidates[model]
            first = turn % len(places)
            for candidate in (*places[first:], *places[:first]):
                question = _question(candidate, task, request)
                rest = await self._pace.rest_of(candidate.address)
                known = await asking.knows(_key(candidate.key, question, 1))
                ranked.append((0 if known else 2 if rest and not rest.ordered else 1, candidate))
        return [candidate for _, candidate in sorted(ranked, key=lambda pair: pair[0])]

    async def _try(
        self, candidate: Candidate | None, task: Task, request: TextRequest[Out], asking: Asking
    ) -> Written[Out]:
        if candidate is None:
            return await self._offline.write(replace(request, model=None), asking=asking)
        try:
            written = await self._ask(candidate, task, request, asking)
        except _STANDS_IN_FOR as error:
            if not isinstance(error, _NOT_THE_MODEL):
                await self._pace.failed(candidate.address, error)
            raise
        self._pace.went_well(candidate.address)
        return written

    async def _ask(self, candidate: Candidate, task: Task, request: TextRequest[Out], asking: Asking) -> Written[Out]:
        first = question = _question(candidate, task, request)
        answers: list[Answer] = []
        turns = 0
        while True:
            key = _key(candidate.key, first, len(answers) + 1)
            answer = await self._one(candidate, question, asking, key=key, aloud=task.draft is None)
            answers.append(answer)
            _stop_at_none(candidate, answer)
            if answer.finish is Finish.TOOLS:
                turns += 1
                question = await self._with_results(question, answer, request.tools, asking, key=key)
                if turns >= _MOST_TURNS:
                    raise TooManyTurns(f"{candidate.chat.name} called tools {turns} times in a row and gave no answer.")
                continue
            try:
                value = task.read(answer.text, request.variables)
            except ValueError as error:
                said = _sentence(error)
                if len(answers) - turns > candidate.entry.corrections:
                    given = f"{candidate.chat.name} gave {len(answers) - turns} answers to {task.name!r}"
                    raise AnswerMalformed(f"{given}, and none fits: {said}") from error
                question = _corrected(question, answer, said)
                continue
            if not isinstance(value, request.output):
                raise UnknownTask(f"{task.name!r} gives {type(value).__name__}, not {request.output.__name__}.")
            return self._written(value, candidate, answers, stage=_stage(task.name))

    @staticmethod
    async def _with_results(
        question: Question, answer: Answer, tools: Sequence[Tool], asking: Asking, *, key: str
    ) -> Question:
        """The question, with what the tools gave that the model called, one after the other."""
        said = Message(role="assistant", content=answer.text, tool_calls=answer.tool_calls)
        results = [
            Message(role="tool", tool_call_id=call.id, content=await asking.use(call, tools, key=f"{key}:{place}"))
            for place, call in enumerate(answer.tool_calls)
        ]
        return question.model_copy(update={"messages": (*question.messages, said, *results)})

    async def _one(self, candidate: Candidate, question: Question, asking: Asking, *, key: str, aloud: bool) -> Answer:
        """One question, written down and paid for under a key of its own."""

        async def ask() -> Answer:
            if (rest := await self._pace.rest_of(candidate.address)) and rest.ordered:
                raise VendorRateLimited(
                    f"{candidate.chat.name} wants to be left alone for {rest.ms / 1000:.0f} s.", retry_after_ms=rest.ms
                )
            limits = candidate.entry
            await self._pace.count(candidate.address, questions=limits.per_minute, tokens=limits.tokens_per_minute)
            chat = candidate.chat
            if self._memory is not None:
                memory = self._memory
                about = f"{'+'.join(candidate.entry.endpoints)}/{candidate.entry.name}"
                chat = Remembering(chat, about, tenant=asking.tenant, redis=memory.redis, seconds=memory.seconds)
            async with candidate.places:
                answer = await chat.complete(question, hear=asking.hear if aloud else None)
            if limits.tokens_per_minute is not None and not answer.cached:
                await self._pace.spent(candidate.address, answer.usage.input_tokens + answer.usage.output_tokens)
            return answer.model_copy(update={"cost_usd_micros": cost_of(answer, candidate.price)})

        most = most_for(question, candidate.price)
        asked = Asked(
            candidate.chat.name,
            key,
            Answer,
            question,
            lambda answer: answer.cost_usd_micros or 0,
            at_most_usd_micros=most,
        )
        return await asking.call(asked, ask)

    def _written(self, value: Out, candidate: Candidate, answers: Sequence[Answer], *, stage: str) -> Written[Out]:
        notes: tuple[Downgrade, ...] = ()
        if any(answer.cost_usd_micros is None for answer in answers):
            detail = (
                f"Nobody knows what {candidate.chat.name} costs, so its answers are not in this run's costs. Give it a"
                " `price` in the models' file; 0 for one of your own."
            )
            notes = (Downgrade(code="model_cost_unknown", detail=detail, stage=stage),)
        return Written(
            value=value,
            origin=self._origin,
            model=candidate.chat.name,
            cost_usd_micros=sum(answer.cost_usd_micros or 0 for answer in answers),
            input_tokens=sum(answer.usage.input_tokens for answer in answers),
            output_tokens=sum(answer.usage.output_tokens for answer in answers),
            asked=len(answers),
            notes=notes,
        )


async def _trouble_of(candidate: Candidate) -> str | None:
    """Why a model cannot be asked, in a sentence."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await candidate.chat.verify()
    except TimeoutError:
        return f"Model {candidate.id!r}: {candidate.chat.name} does not answer."
    except GreenlightError as error:
        return f"Model {candidate.id!r}: {error.detail}"
    return None


def _question(candidate: Candidate, task: Task, request: TextRequest[Any]) -> Question:
    sampling = candidate.sampling | (request.agent.sampling if request.agent else {})
    return question_for(task, request, max_output_tokens=candidate.entry.max_output_tokens, sampling=sampling)


def _key(model: str, first: Question, number: int) -> str:
    """Another prompt, or another sampling, is another question: after an update a step in progress asks it anew."""
    return f"{model}:{number}:{hashlib.sha256(first.model_dump_json().encode()).hexdigest()[:12]}"


def _stop_at_none(candidate: Candidate, answer: Answer) -> None:
    """Raise what an answer means that holds none. It is paid for and written down by now."""
    if answer.finish is Finish.REFUSED:
        raise ModelRefused(f"{candidate.chat.name} declined: {answer.refusal}")
    if answer.finish is Finish.LENGTH:
        raise AnswerTruncated(
            f"{candidate.chat.name} ran into its limit of output ({answer.usage.output_tokens} tokens) before it had"
            " finished: raise `max_output_tokens` in the models' file."
        )


def _corrected(question: Question, answer: Answer, said: str) -> Question:
    again = f"That answer cannot be used: {said} Answer again, in full and as asked at first."
    turns = (Message(role="assistant", content=answer.text), Message(role="user", content=again))
    return question.model_copy(update={"messages": (*question.messages, *turns)})


def _sentence(error: ValueError) -> str:
    """What is wrong with an answer, for the model and for people; without what it said there."""
    if not isinstance(error, ValidationError):
        return str(error)[:_MOST_SAID]
    found = error.errors(include_url=False, include_context=False, include_input=False)
    said = "; ".join(f"{'.'.join(map(str, each['loc'])) or 'the answer'}: {each['msg']}" for each in found[:8])
    return f"{said}."[:_MOST_SAID]


def _stood_in(
    written: Written[Out], wanted: str, failures: Sequence[tuple[str, GreenlightError]], task: Task
) -> Written[Out]:
    """The answer, and that somebody else was to give it."""
    said = "; ".join(f"{model} failed ({error.code}: {error.detail})" for model, error in failures)
    detail = f"{written.model} stood in for {wanted}: {said or f'{wanted} failed a short while ago'}"[:1000]
    note = Downgrade(code="text_model_fallback", detail=detail, stage=_stage(task.name))
    return written.model_copy(update={"notes": (*written.notes, note)})


def _stage(task: str) -> str:
    return "production" if task in {WRITE_SCRIPT, REWRITE_BEAT, REWRITE_POST} else "ideation"
