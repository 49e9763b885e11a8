"""The shield of every service: the rules that are always on, and a safety model where one is configured."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache
from typing import assert_never

from common import http
from common.compute import ComputePool
from common.contracts.gates import Finding
from common.contracts.safety import Side
from common.errors import ShieldUnavailable
from common.observability.logging import get_logger
from common.service.settings import ServiceSettings
from common.shield import Check, Looked
from vendors.safety.llama_stack import LlamaStackShield
from vendors.safety.moderations import Moderations
from vendors.safety.port import Judgement, SafetyModel, title_of
from vendors.safety.remembering import Remembering

from safety.checks import CHECK_FAILED, check
from safety.masking import mask
from safety.policy import Policy, compose, shipped
from safety.rules.passage import Passage, passages_of

log = get_logger(__name__)
MODEL_SECONDS = 5.0
INLINE_CHARACTERS = 65_536
"""About 12 ms; all that a command or an answer may hold. What is longer is looked at in another process."""
PIECE_CHARACTERS = 6_000
"""How much a model is shown at once; what is longer is shown in pieces."""
_PIECES_AT_ONCE = 4
_NAME_WORDS = 4
"""What has no blank and no more words than this is a name, such as `short_video`."""


class Shield:
    """Looks at text by rules first, and asks the models about what the rules let pass.

    Whatever goes wrong is `ShieldUnavailable`: a rule that breaks, a model that is away, slow, gone or not understood.
    """

    def __init__(self, policy: Policy, *, models: Sequence[SafetyModel] = (), seconds: float = MODEL_SECONDS) -> None:
        self._policy = policy
        self.models = tuple(models)
        self._seconds = seconds

    @property
    def ready(self) -> Mapping[str, Check]:
        """Each model under its name: `/ready` says which one is missing."""
        return {f"shield {model.name}": model.verify for model in self.models}

    async def look(self, content: object, *, tenant: str, side: Side, compute: ComputePool) -> Looked:
        """What may not pass. The models are asked only about what no rule stops."""
        passages = list(passages_of(content))
        findings = await self._by_rules(content, passages, compute)
        if findings or not self.models:
            return Looked(findings)
        pieces = list(_pieces(passages))
        if not pieces:
            return Looked()
        judged = await self._by_models(pieces, tenant=tenant, side=side)
        found = tuple(dict.fromkeys(_finding(category) for one in judged if not one.allowed for category in one.named))
        return Looked(found, cached=all(one.cached for one in judged))

    def mask(self, text: str) -> str:
        """The text with what is personal or secret made unreadable."""
        return mask(text)

    async def close(self) -> None:
        """Close the connections to the models."""
        for model in self.models:
            await model.close()

    async def _by_rules(
        self, content: object, passages: Sequence[Passage], compute: ComputePool
    ) -> tuple[Finding, ...]:
        try:
            if sum(len(passage.raw) for passage in passages) > INLINE_CHARACTERS:
                found = await compute(_stopped, self._policy, content)
            else:
                found = _stopped(self._policy, content)
        except Exception as error:
            # Whatever a rule may raise, the safe answer is the same: what was not looked at may not pass.
            log.exception("shield.broke")
            raise ShieldUnavailable("The rules could not be applied, so nothing passes.") from error
        if any(finding.rule == CHECK_FAILED for finding in found):
            raise ShieldUnavailable("A rule could not be applied, so nothing passes.")
        return found

    async def _by_models(self, pieces: Sequence[str], *, tenant: str, side: Side) -> list[Judgement]:
        room = asyncio.Semaphore(_PIECES_AT_ONCE)

        async def ask(model: SafetyModel, piece: str) -> Judgement:
            try:
                async with room, asyncio.timeout(self._seconds):
                    return await model.check(piece, tenant=tenant, said_by="agent" if side is Side.OUTPUT else "user")
            except TimeoutError as error:
                raise ShieldUnavailable(f"Shield {model.name} took longer than {self._seconds:g} s.") from error
            except ShieldUnavailable:
                raise
            except Exception as error:
                log.exception("shield.broke", shield=model.name)
                raise ShieldUnavailable(f"Shield {model.name} could not be asked.") from error

        # The pieces of one text wait for each other no longer than one may take.
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.gather(*(ask(model, piece) for model in self.models for piece in pieces))
        except TimeoutError as error:
            raise ShieldUnavailable(f"The shield took longer than {self._seconds:g} s.") from error


def shield_for(settings: ServiceSettings) -> Shield:
    """The shield the settings ask for. The rules are always part of it."""
    return Shield(always_on(), models=[Remembering(model) for model in _models(settings)])


def rules_only() -> Shield:
    """The shield without a model: what a tool or a test stands behind that has no settings."""
    return Shield(always_on())


@cache
def always_on() -> Policy:
    """The rules about text that block, of the packs no tenant can switch off. Read once a process.

    What a post must say about itself, and how a film must look, is asked at the airlock, where there is one.
    """
    packs = shipped()
    policy = compose([pack for pack in packs.values() if pack.in_force == "always"], library=packs)
    about_text = [rule for rule in policy.rules if rule.lexicon is not None or rule.in_text]
    blocking = tuple(rule for rule in about_text if rule.severity == "blocking" and not rule.conditions)
    return Policy(policy.version, blocking)


def _models(settings: ServiceSettings) -> list[SafetyModel]:
    if settings.safety_mode == "rules":
        return []
    client = http.client(base_url=settings.safety_url.rstrip("/"), timeout_seconds=MODEL_SECONDS)
    if key := settings.safety_key.get_secret_value():
        client.headers["authorization"] = f"Bearer {key}"
    match settings.safety_mode:
        case "llama_stack":
            return [LlamaStackShield(client, shield=settings.safety_shield)]
        case "moderations":
            return [Moderations(client, model=settings.safety_shield)]
        case _:
            assert_never(settings.safety_mode)


def _stopped(policy: Policy, content: object) -> tuple[Finding, ...]:
    verdict = check(policy, {"content": content} if not isinstance(content, dict) else content)
    return tuple(finding for finding in verdict.findings if finding.severity == "blocking")


def _pieces(passages: Sequence[Passage]) -> list[str]:
    """What a model is shown: running text. Names, numbers and dates alone say nothing, and would cost a call each."""
    told = [
        # Halves of characters, which JSON may hold, cannot be sent.
        passage.text.encode(errors="replace").decode()
        for passage in passages
        if len(passage.text.split()) > 1 or len(passage.words) > _NAME_WORDS or not passage.text.isascii()
    ]
    pieces: list[str] = []
    held = ""
    for text in told:
        for start in range(0, len(text), PIECE_CHARACTERS):
            part = text[start : start + PIECE_CHARACTERS]
            if held and len(held) + len(part) > PIECE_CHARACTERS:
                pieces.append(held)
                held = ""
            held = f"{held}\n{part}" if held else part
    return [*pieces, held] if held else pieces


def _finding(category: str) -> Finding:
    return Finding(
        rule=f"model.{category}",
        severity="blocking",
        message=f"The safety model names this: {title_of(category)}.",
        where="/",
        remedy="Say it in another way, or leave it out.",
    )
