"""What the forms of the review's pages send."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import parse_qsl

from common.contracts.gates import AcceptedDowngrades
from common.contracts.values import Decision, Sha256
from common.errors import GreenlightError, Invalid
from fastapi import Request
from media.timecode import NoSuchTime, parse_time
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from compliance.airlock import DecisionOrder
from compliance.api.shapes import Prose, Reason
from compliance.errors import FormExpired
from compliance.guests import Guest
from compliance.notes import NoteDraft
from compliance.pages.review import Typed
from compliance.pages.words import chosen_idea, refusal_in_words
from compliance.places import Pointed, film_of
from compliance.repository.items import Item

FIELDS_AT_MOST = 60
BOXES = "accepts"
"""The name of the boxes to tick, one for each code that an item's downgrades have."""


class Form(BaseModel):
    """What every form carries. The same `key` twice is the same order, sent twice."""

    model_config = ConfigDict(extra="ignore")

    key: str = Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")


F = TypeVar("F", bound=Form)


class DecisionForm(Form):
    """A decision, and on what it was made."""

    decision: Decision
    comment: Prose = ""
    manifest_sha256: Sha256
    chosen: int | None = None
    accepts: AcceptedDowngrades = ()

    def order(self, item: Item) -> DecisionOrder:
        """The same, as the airlock takes it. Another idea than the proposed one is an edit."""
        proposed = chosen_idea(item.content)
        edit = None
        if self.decision is Decision.APPROVED and proposed is not None and self.chosen not in {None, proposed}:
            edit = {"chosen": self.chosen}
        return DecisionOrder(
            decision=self.decision,
            comment=self.comment,
            edit=edit,
            seen_sha256=self.manifest_sha256,
            accepts_downgrades=self.accepts,
        )

    def typed(self, item: Item, refusal: GreenlightError) -> Typed:
        """What the page shows again after a refusal. An idea is chosen again only among those it was chosen from."""
        same = item.manifest_sha256 == self.manifest_sha256
        return Typed(
            self.decision,
            self.comment,
            frozenset(self.accepts),
            chosen=self.chosen if same else None,
            refusal=refusal_in_words(refusal.code, refusal.detail),
        )


class NoteForm(Form):
    """A note, perhaps at a time in the film."""

    text: Reason
    at: str = Field(default="", max_length=20)

    def draft(self, item: Item) -> NoteDraft:
        """The same, as the notes take it. Raises `Invalid` for what is no time."""
        film, at = film_of(item.content), self.at.strip()
        if film is None or not at:
            return NoteDraft(self.text, Pointed())
        try:
            return NoteDraft(self.text, Pointed(frame=parse_time(at, film.rate)))
        except NoSuchTime as error:
            raise Invalid("Write the time in minutes and seconds, such as 0:07.") from error


class HoldForm(Form):
    """Why it is held."""

    reason: Reason


async def read_form(request: Request, guest: Guest) -> dict[str, Any]:
    """The fields of a form that one of the visit's own pages sent. Raises `FormExpired`, `Invalid`."""
    body = await request.body()
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=FIELDS_AT_MOST
        )
    except ValueError as error:
        raise Invalid("The form cannot be read.") from error
    # Browsers send line breaks as two characters; what is stored has one.
    fields: dict[str, Any] = {name: value.replace("\r\n", "\n") for name, value in pairs}
    fields[BOXES] = [value for name, value in pairs if name == BOXES]
    if not guest.sent(fields.pop("form", "")):
        raise FormExpired("The form was not sent from this review's own page.")
    return fields


def parsed(form: type[F], fields: dict[str, Any]) -> F:
    """The fields as that form. Raises `Invalid`."""
    try:
        return form.model_validate(fields)
    except ValidationError as error:
        raise _unreadable(error) from error


def _unreadable(error: ValidationError) -> Invalid:
    names = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
    if names & {"text", "reason", "comment"}:
        return Invalid("Write something, in at most 2000 characters.")
    return Invalid("The form cannot be read. Open the review again.")
