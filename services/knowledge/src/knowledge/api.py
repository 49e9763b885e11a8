"""The library over HTTP."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from common.clock import Clock
from common.contracts.audit import AuditEntry
from common.contracts.knowledge import ArchiveInput
from common.contracts.publishing import PublishedPost
from common.contracts.values import ArtifactRef
from common.cursors import decode_cursor
from common.db.work import Work
from common.errors import NotFound
from common.manifest import state_sha256
from common.service.holding import HeldRuns, OnLegalHold
from common.service.pages import Cursor, Limit, Page, page_of
from common.service.principal import Principal, Role, current_principal, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from knowledge.domain import pieces_of, question_of
from knowledge.repository import Entry, Library


class SnippetPiece(BaseModel):
    """A part of a snippet: plain text, to be shown as text. `hit` says that it is what was asked for."""

    text: str
    hit: bool


class LibraryItem(BaseModel):
    """A film in a list."""

    id: UUID
    run_id: UUID
    title: str
    hook: str
    caption: str
    hashtags: tuple[str, ...]
    language: str
    duration_ms: int
    video: ArtifactRef
    thumbnail: ArtifactRef
    posts: tuple[PublishedPost, ...]
    created_at: datetime
    rank: float | None = Field(description="From 0 to 1, higher is better; null without a question.")
    snippet: list[SnippetPiece]


class LibraryEntry(BaseModel):
    """A film with all the words that made it."""

    id: UUID
    run_id: UUID
    film: ArchiveInput
    created_at: datetime
    updated_at: datetime


def router(work: Work, *, holds: HeldRuns, clock: Clock) -> APIRouter:
    """`/v1/library`."""
    routes = APIRouter(prefix="/v1/library", tags=["library"])

    @routes.get(
        "", summary="Films of your tenant: those that answer a question, best first, or all of them, newest first."
    )
    async def list_films(
        *,
        query: str | None = Query(
            default=None, description='Words, "phrases", `or` and `-not`. Any text is allowed; 500 characters count.'
        ),
        limit: Limit = 50,
        cursor: Cursor = None,
        principal: Principal = Depends(current_principal),
    ) -> Page[LibraryItem]:
        after = decode_cursor(cursor, float, datetime, UUID)
        question = question_of(query)
        async with work.transaction(principal.tenant) as tx:
            library = Library(tx)
            if question is None:
                found = await library.list_newest(limit=limit + 1, after=after)
            else:
                found = await library.search(question, limit=limit + 1, after=after)
        view = partial(_item, asked=question is not None)
        return page_of(found, limit=limit, view=view, key=lambda entry: entry.key)

    @routes.get("/{entry_id}", summary="One film with all the words that made it.")
    async def read_film(entry_id: UUID, principal: Principal = Depends(current_principal)) -> LibraryEntry:
        async with work.transaction(principal.tenant) as tx:
            entry = await Library(tx).find(entry_id)
        if entry is None:
            raise _absent(entry_id)
        return LibraryEntry(
            id=entry.id,
            run_id=entry.run_id,
            film=entry.film,
            created_at=entry.created_at,
            updated_at=entry.updated_at,
        )

    @routes.delete(
        "/{entry_id}",
        status_code=204,
        summary="Forget a film, unless a legal hold keeps it. Its run and its files stay.",
        responses=refusals(403, 404, 409),
    )
    async def remove_film(entry_id: UUID, principal: Principal = Depends(requires(Role.ADMIN))) -> None:
        async with work.transaction(principal.tenant) as tx:
            entry = await Library(tx).find(entry_id)
            if entry is not None and await holds.is_held(tx, entry.run_id):
                raise OnLegalHold(f"A legal hold keeps film {entry_id}; a compliance officer may lift it.")
            removed = await Library(tx).remove(entry_id)
            if entry is not None and removed:
                tx.audit(
                    AuditEntry(
                        actor=principal.user_id,
                        action="library_entry.removed",
                        resource=f"library_entry:{entry_id}",
                        run_id=entry.run_id,
                        before_sha256=state_sha256(entry.film.model_dump(mode="json")),
                        at=clock(),
                    )
                )
        if not removed:
            raise _absent(entry_id)

    return routes


def _absent(entry_id: UUID) -> NotFound:
    return NotFound(f"There is no film {entry_id} in the library.")


def _item(entry: Entry, *, asked: bool) -> LibraryItem:
    post = entry.film.post
    return LibraryItem(
        id=entry.id,
        run_id=entry.run_id,
        title=post.title,
        hook=entry.film.idea.hook,
        caption=post.caption,
        hashtags=post.hashtags,
        language=post.language,
        duration_ms=post.duration_ms,
        video=post.video,
        thumbnail=post.thumbnail,
        posts=entry.film.posts,
        created_at=entry.created_at,
        rank=entry.rank if asked else None,
        snippet=[SnippetPiece(text=piece.text, hit=piece.hit) for piece in pieces_of(entry.snippet)],
    )
