"""What changed since somebody last looked: words, scenes, sound, post, settings and cost, by what is really held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from common.clock import Clock
from common.contracts.gates import Change
from common.contracts.rework import SceneMark
from common.contracts.values import ArtifactRef, JsonObject
from common.db.work import Transaction, Work
from common.errors import NotFound
from common.service.principal import Principal
from pydantic import ValidationError

from compliance import trail
from compliance.differences import differences
from compliance.errors import ContentChanged
from compliance.hearing import Ear, Heard
from compliance.places import is_script, marks_of, spoken_in
from compliance.repository.items import Item, Items
from compliance.repository.looks import Look, Looks, SeenContent
from compliance.repository.notes import Notes, Revision
from compliance.words import TextChange, compare_all, compare_one

LAST = "last"
_TEXTS = ("title", "caption")
_FILES = ("video", "thumbnail", "captions")


@dataclass(frozen=True)
class Version:
    """One state of what is held."""

    item_id: UUID
    revision: int
    manifest_sha256: str
    at: datetime
    """When it was opened, or when it was looked at."""


@dataclass(frozen=True)
class SceneChange:
    """A scene that is another now, with what it was. `what` is of: picture, voice, length, added, removed."""

    index: int
    before: SceneMark | None
    after: SceneMark | None
    what: tuple[str, ...]


@dataclass(frozen=True)
class SoundChange:
    """Both films' sound; the same film is not measured."""

    before: Heard
    after: Heard


@dataclass(frozen=True)
class Changes:
    """All that changed. Without `since` the caller has never looked."""

    now: Version
    since: Version | None
    same: bool
    words: tuple[TextChange, ...] = ()
    scenes: tuple[SceneChange, ...] = ()
    unchanged_scenes: int = 0
    post: tuple[TextChange, ...] = ()
    hashtags_added: tuple[str, ...] = ()
    hashtags_removed: tuple[str, ...] = ()
    settings: tuple[Change, ...] = ()
    sound: SoundChange | None = None
    spent_before_usd_micros: int | None = None
    spent_usd_micros: int | None = None
    files: tuple[str, ...] = field(default=())
    """Members whose bytes are others: `video`, `thumbnail`, `captions`."""


class LookBook:
    """What each person has looked at, of all tenants; each call is for one."""

    def __init__(self, work: Work, *, ear: Ear, clock: Clock) -> None:
        self._work = work
        self._ear = ear
        self._clock = clock

    async def saw(self, item_id: UUID, *, manifest_sha256: str | None, principal: Principal) -> Look:
        """Remember that the caller looked at what is held now. Raises `ContentChanged` when it is no longer that."""
        now = self._clock()
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id)
            if manifest_sha256 not in {None, item.manifest_sha256}:
                raise ContentChanged(
                    "The content is not the one you looked at; look again.", manifest_sha256=item.manifest_sha256
                )
            chain = await Notes(tx).chain_of(item_id)
            look = Look(item_id, item.manifest_sha256, now)
            earlier = await Looks(tx).find(principal.user_id, chain[0].item_id)
            await Looks(tx).keep_content(
                item_id, item.manifest_sha256, SeenContent(item.content, item.spent_usd_micros)
            )
            await Looks(tx).put(principal.user_id, chain[0].item_id, look)
            if earlier is None or earlier.manifest_sha256 != look.manifest_sha256:
                # Looking again at the same thing is nothing that anybody has to prove.
                trail.note(
                    tx,
                    "item.seen",
                    actor=principal.user_id,
                    resource=f"airlock_item:{item_id}",
                    at=now,
                    run_id=item.run_id,
                    detail={"gate": item.gate, "manifest_sha256": item.manifest_sha256},
                )
        return look

    async def changes(self, item_id: UUID, *, since: str, principal: Principal) -> Changes:
        """What changed since the caller last looked (`last`), or since a revision by its number. Raises `NotFound`."""
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id)
            chain = await Notes(tx).chain_of(item_id)
            if since == LAST:
                found = await self._last(tx, chain, principal)
            else:
                found = await self._revision(tx, chain, since)
        now = Version(item.id, item.revision, item.manifest_sha256, item.opened_at)
        if found is None:
            return Changes(now, None, same=False, spent_usd_micros=item.spent_usd_micros)
        version, seen = found
        if version.manifest_sha256 == item.manifest_sha256:
            return Changes(now, version, same=True)
        return await self._compare(principal.tenant, now, version, seen, item)

    async def hear(self, item_id: UUID, *, principal: Principal) -> Heard:
        """What the film that is held sounds like, measured once for each file. Raises `NotFound` where none is held."""
        async with self._work.transaction(principal.tenant) as tx:
            video = _video((await Items(tx).get(item_id)).content)
        if video is None:
            raise NotFound("What is held is no film, so there is nothing to hear.")
        return await self._ear.hear(principal.tenant, video)

    async def _last(
        self, tx: Transaction, chain: Sequence[Revision], principal: Principal
    ) -> tuple[Version, SeenContent] | None:
        look = await Looks(tx).find(principal.user_id, chain[0].item_id)
        number = next((one.revision for one in chain if look and one.item_id == look.item_id), None)
        if look is None or number is None:
            return None
        seen = await Looks(tx).find_content(look.item_id, look.manifest_sha256)
        return (Version(look.item_id, number, look.manifest_sha256, look.seen_at), seen) if seen else None

    async def _revision(self, tx: Transaction, chain: Sequence[Revision], since: str) -> tuple[Version, SeenContent]:
        wanted = next((one for one in chain if str(one.revision) == since), None)
        if wanted is None:
            numbers = ", ".join(str(one.revision) for one in chain)
            raise NotFound(f"There is no revision {since!r} before this one; there are {numbers}.")
        item = await Items(tx).get(wanted.item_id)
        version = Version(item.id, item.revision, item.manifest_sha256, item.opened_at)
        return version, SeenContent(item.content, item.spent_usd_micros)

    async def _compare(self, tenant: str, now: Version, since: Version, seen: SeenContent, item: Item) -> Changes:
        before, after = seen.content, item.content
        scenes = compare_scenes(marks_of(before), marks_of(after))
        tags_before, tags_after = _texts(before.get("hashtags")), _texts(after.get("hashtags"))
        changes = Changes(
            now,
            since,
            same=False,
            words=compare_all(
                "/script/beats" if is_script(after) else "/narration", spoken_in(before), spoken_in(after)
            ),
            scenes=scenes,
            unchanged_scenes=len(marks_of(after)) - sum(change.after is not None for change in scenes),
            post=tuple(
                change
                for name in _TEXTS
                for change in compare_one(f"/{name}", _text(before.get(name)), _text(after.get(name)))
            ),
            hashtags_added=tuple(tag for tag in tags_after if tag not in tags_before),
            hashtags_removed=tuple(tag for tag in tags_before if tag not in tags_after),
            sound=await self._sound(tenant, before, after),
            spent_before_usd_micros=seen.spent_usd_micros,
            spent_usd_micros=item.spent_usd_micros,
            files=tuple(name for name in _FILES if _sha256_of(before, name) != _sha256_of(after, name)),
        )
        told = tuple(_told_by(changes))
        return replace(
            changes, settings=tuple(change for change in differences(before, after) if not _is_below(change.path, told))
        )

    async def _sound(self, tenant: str, before: JsonObject, after: JsonObject) -> SoundChange | None:
        old, new = _video(before), _video(after)
        if old is None or new is None or old.sha256 == new.sha256:
            return None
        return SoundChange(await self._ear.hear(tenant, old), await self._ear.hear(tenant, new))


def compare_scenes(before: Sequence[SceneMark], after: Sequence[SceneMark]) -> tuple[SceneChange, ...]:
    """The scenes whose bytes or length changed, by their place in the film. One that only begins later is the same."""
    changes = []
    for index in range(max(len(before), len(after))):
        old = before[index] if index < len(before) else None
        new = after[index] if index < len(after) else None
        if what := _what(old, new):
            changes.append(SceneChange(index, old, new, what))
    return tuple(changes)


def _what(old: SceneMark | None, new: SceneMark | None) -> tuple[str, ...]:
    if old is None or new is None:
        return ("added",) if old is None else ("removed",)
    changed = {
        "picture": old.clip_sha256 != new.clip_sha256,
        "voice": old.voice_sha256 != new.voice_sha256,
        "length": old.frames != new.frames,
    }
    return tuple(name for name, is_other in changed.items() if is_other)


def _told_by(changes: Changes) -> Iterator[str]:
    """The members whose change is told in its own way. One that is other in a way these do not see is a setting."""
    yield "/remarks"
    yield from (change.path for change in changes.post)
    yield from (f"/{name}" for name in changes.files)
    if changes.words:
        yield "/narration"
        yield from (f"{change.path}/narration" for change in changes.words)
    if changes.scenes:
        yield "/scenes"
    if changes.hashtags_added or changes.hashtags_removed:
        yield "/hashtags"


def _is_below(path: str, told: Sequence[str]) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in told)


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _sha256_of(content: JsonObject, name: str) -> object:
    value = content.get(name)
    return value.get("sha256") if isinstance(value, dict) else None


def _video(content: JsonObject) -> ArtifactRef | None:
    try:
        return ArtifactRef.model_validate(content.get("video"))
    except ValidationError:
        return None
