"""The review itself: what is held, what the checks say, what was noted, and what may be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from common.contracts.values import ArtifactRef, Decision
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from media.timecode import ms_of

from compliance.domain import HOLDABLE, ItemStatus, blocking_rules
from compliance.guests import Grant, Guest
from compliance.pages import content, words
from compliance.pages.shell import FOOT, document
from compliance.places import NoteState, film_of
from compliance.repository.items import Item
from compliance.repository.notes import Note
from compliance.stages import REASON_REQUIRED

_BODY = Markup(
    """<a class="skip" href="#review">Skip to the review</a>
<header><div class="wrap"><p class="eyebrow">Review for {person}</p><h1>{title}</h1>
<ul class="facts"><li class="tag {looks}">{status}</li><li class="tag">{kind}</li>\
<li>This link works until <time datetime="{until}">{until_words}</time></li></ul></div></header>
<main id="review" class="wrap"><div class="board{shape}">{films}<div class="stack">{parts}</div></div></main>
{foot}"""
)
_SCREEN = Markup(
    '<div class="screen{shape}"><iframe src="{place}/player/{number}" title="The film" allow="fullscreen"></iframe>'
    "<p>Every picture has your name on it.</p></div>"
)
_CARD = Markup('<section class="card"><h2>{title}</h2>{body}</section>')
_ALERT = Markup('<section class="card alert {looks}"><h2>{title}</h2><p class="pre">{body}</p></section>')
_TOKEN = Markup('<input type="hidden" name="form" value="{}"><input type="hidden" name="key" value="{}">')
_ANSWER = Markup(
    '<details class="{looks}" name="decision"{open}><summary>{title}</summary>'
    '<form method="post" action="{place}/decision">{token}<input type="hidden" name="decision" value="{decision}">'
    '<input type="hidden" name="manifest_sha256" value="{sha256}"><p>{means}</p>{choice}{boxes}{comment}'
    '<button class="{looks}">{button}</button></form></details>'
)
_BOX = Markup(
    '<label class="accept"><input type="checkbox" name="accepts" value="{code}" required{ticked}>'
    "<div>{details}</div></label>"
)
_NOTE_STATES = {
    NoteState.OPEN: "Open",
    NoteState.REQUESTED: "Being worked on",
    NoteState.ADDRESSED: "Done again",
    NoteState.RESOLVED: "Settled",
    NoteState.WITHDRAWN: "Withdrawn",
}
_LEAVE = Markup(
    '<form method="post" action="{place}/leave">{token}<button class="plain">Forget this review here</button></form>'
)


@dataclass(frozen=True)
class Typed:
    """A decision that was refused, and why: the page keeps what was typed."""

    decision: Decision
    comment: str
    accepts: frozenset[str]
    chosen: int | None
    refusal: str


@dataclass(frozen=True)
class Review:
    """Everything the page shows. `key` makes sending a form twice the same as once."""

    guest: Guest
    item: Item
    films: Sequence[ArtifactRef]
    notes: Sequence[Note]
    asks_externals: bool
    key: str
    typed: Typed | None = None

    @property
    def place(self) -> str:
        """Where the review is."""
        return place_of(self.guest)

    @property
    def token(self) -> Markup:
        """What every form carries."""
        return _TOKEN.format(self.guest.form_token, self.key)


@dataclass(frozen=True)
class _Answer:
    decision: Decision
    looks: str
    title: str
    button: str
    means: str


def place_of(guest: Guest) -> str:
    """The address of a link's pages, which its cookie is for."""
    return f"/review/{guest.link.id}"


def review_page(review: Review, *, status: int = HTTPStatus.OK) -> HTMLResponse:
    """The whole page."""
    item, link = review.item, review.guest.link
    standing, looks = words.STATUSES[item.status]
    if item.held_at is not None:
        standing, looks = f"{standing}, on hold", "stop"
    films = Markup("").join(
        _SCREEN.format(place=review.place, number=number, shape=_shape(item)) for number in range(len(review.films))
    )
    parts = [
        _ALERT.format(looks="stop", title="That did not work", body=review.typed.refusal) if review.typed else Markup(),
        _standing(review),
        *content.cards(item),
        _checks(item),
        _downgrades(item),
        _notes(review),
        _deciding(review),
        _holding(review),
    ]
    body = _BODY.format(
        person=link.person,
        title=item.title,
        looks=looks,
        status=standing,
        kind=words.kind_of(item),
        until=link.expires_at.isoformat(),
        until_words=words.instant(link.expires_at),
        shape=f" film{' broad' if _shape(item) else ''}" if review.films else "",
        films=Markup('<div class="stack">{}</div>').format(films) if review.films else "",
        parts=Markup("\n").join(part for part in parts if part),
        foot=FOOT.format(leave=_LEAVE.format(place=review.place, token=review.token)),
    )
    return document(f"{item.title} · Review", body, status=status)


def _shape(item: Item) -> str:
    width, height = item.content.get("width"), item.content.get("height")
    if not isinstance(width, int) or not isinstance(height, int) or width < height:
        return ""
    return " wide" if width > height else " square"


def _standing(review: Review) -> Markup:
    """What became of it, when there is something to say."""
    item, me = review.item, review.guest.link.actor
    if item.held_at is not None:
        who = "You hold this" if item.held_by == me else "This is on hold"
        why = f": {item.hold_reason}" if item.held_by == me and item.hold_reason else ""
        return _ALERT.format(
            looks="stop", title=who, body=f"Since {words.instant(item.held_at)} nothing of it goes out{why}"
        )
    if item.decision is None or item.decided_at is None:
        return Markup()
    title, looks = words.STATUSES[item.status]
    own = words.DECISIONS[item.decision] if item.decided_by == me else ""
    said = f"\n{item.comment}" if item.decided_by == me and item.comment else ""
    return _ALERT.format(looks=looks, title=title, body=f"{own} {words.instant(item.decided_at)}{said}".strip())


def _checks(item: Item) -> Markup:
    said, _ = words.verdict_in_words(item.verdict)
    findings = Markup("").join(
        Markup('<li class="{}"><b>{}</b>{}{}</li>').format(
            finding.severity,
            finding.message,
            Markup(' <span class="soft">{}</span>').format(place) if (place := words.where_in_words(finding)) else "",
            Markup("<blockquote>{}</blockquote>").format(finding.quote) if finding.quote else "",
        )
        for finding in item.verdict.findings
    )
    listed = Markup('<ul class="findings">{}</ul>').format(findings) if findings else ""
    unchecked = Markup("").join(Markup('<p class="soft">{}</p>').format(said) for said in item.verdict.unchecked)
    return _CARD.format(title="What the checks say", body=Markup("<p>{}</p>{}{}").format(said, listed, unchecked))


def _downgrades(item: Item) -> Markup:
    """What the run fell back to."""
    if not item.downgrades:
        return Markup()
    listed = Markup("").join(Markup("<li>{}</li>").format(one.detail) for one in item.downgrades)
    body = Markup('<p>Not everything went as it was meant to:</p><ul class="findings">{}</ul>').format(listed)
    return _CARD.format(title="Less than was asked for", body=body)


def _notes(review: Review) -> Markup:
    me = review.guest.link.actor
    shown = Markup("").join(_note(note, me) for note in review.notes)
    listed = Markup('<ol class="notes">{}</ol>').format(shown) if shown else ""
    if Grant.NOTE not in review.guest.link.may or review.item.status not in {*HOLDABLE, ItemStatus.CHANGES_REQUESTED}:
        return _CARD.format(title="Notes", body=listed) if shown else Markup()
    time = Markup()
    if film_of(review.item.content) is not None:
        time = Markup(
            "<label>Where in the film <span>minutes and seconds, such as 0:07; empty: all of it</span>"
            '<input type="text" name="at" inputmode="text" autocomplete="off" maxlength="20"'
            ' pattern="[0-9:.;]*" placeholder="0:07"></label>'
        )
    form = Markup(
        '<form method="post" action="{place}/note">{token}<label>What should be otherwise?'
        '<textarea name="text" required maxlength="2000"></textarea></label>{time}<button class="plain">Add the note'
        "</button></form>"
    ).format(place=review.place, token=review.token, time=time)
    return _CARD.format(title="Notes", body=listed + form)


def _note(note: Note, me: str) -> Markup:
    at = ""
    if note.place.span is not None:
        at = f"at {words.clock(ms_of(note.place.span.first, note.place.span.rate))}"
    replies = Markup("").join(
        Markup('<p class="pre soft"><b>{}:</b> {}</p>').format("You" if reply.author == me else "Answer", reply.text)
        for reply in note.replies
    )
    answer = Markup('<p class="soft">{}</p>').format(note.answer) if note.answer else ""
    return Markup(
        '<li><div class="who"><b>{who}</b><span>{at}</span><span>{state}</span></div>'
        '<p class="pre">{text}</p>{answer}{replies}</li>'
    ).format(
        who="You" if note.author == me else "Another guest",
        at=at,
        state=_NOTE_STATES[note.state],
        text=note.text,
        answer=answer,
        replies=replies,
    )


def _deciding(review: Review) -> Markup:
    """The three answers, each behind a press that says what it means."""
    item = review.item
    if Grant.DECIDE not in review.guest.link.may or item.status is not ItemStatus.OPEN:
        return Markup()
    if not review.asks_externals:
        words_ = "Others look at this first. When it is your turn, the buttons are here."
        return _CARD.format(title="Your decision", body=Markup('<p class="soft">{}</p>').format(words_))
    forms = Markup("").join(_answer(review, answer) for answer in _answers(review))
    return _CARD.format(title="Your decision", body=Markup('<div class="choices">{}</div>').format(forms))


def _answers(review: Review) -> tuple[_Answer, ...]:
    approve = _Answer(Decision.APPROVED, "go", "Approve", "Yes, approve exactly this", _approving(review))
    means = "What should be otherwise? Your open notes go along with this."
    change = _Answer(Decision.CHANGES_REQUESTED, "wait", "Ask for changes", "Ask for these changes", means)
    reject = _Answer(Decision.REJECTED, "stop", "Reject", "Yes, reject it", "It is over then. Say why.")
    return (approve, change, reject) if review.item.takes_changes else (approve, reject)


def _approving(review: Review) -> str:
    if blocking_rules(review.item.verdict):
        return "The checks refuse it as it is, so it cannot be approved now."
    return (
        "You approve exactly what this page shows, to the last byte. If anything of it is changed afterwards, it has to"
        f" be decided again. (Fingerprint {review.item.manifest_sha256[:12]})"
    )


def _answer(review: Review, answer: _Answer) -> Markup:
    wanted = review.item.review.require_reason
    needs_reason = answer.decision in (REASON_REQUIRED if wanted is None else wanted)
    typed = review.typed if review.typed and review.typed.decision is answer.decision else None
    comment = Markup('<label>{}<textarea name="comment" maxlength="2000"{}>{}</textarea></label>').format(
        "In your words" if needs_reason else "Anything to add? You may leave this empty.",
        Markup(" required") if needs_reason else "",
        typed.comment if typed else "",
    )
    approves = answer.decision is Decision.APPROVED
    return _ANSWER.format(
        looks=answer.looks,
        title=answer.title,
        place=review.place,
        token=review.token,
        decision=answer.decision.value,
        sha256=review.item.manifest_sha256,
        means=answer.means,
        open=Markup(" open") if typed else "",
        choice=_choice(review) if approves else "",
        boxes=_boxes(review) if approves else "",
        comment=comment,
        button=answer.button,
    )


def _choice(review: Review) -> Markup:
    """Which of the ideas, where there are some to choose from."""
    chosen = words.chosen_idea(review.item.content)
    if chosen is None:
        return Markup()
    if review.typed is not None and review.typed.chosen is not None:
        chosen = review.typed.chosen
    ideas: list[Any] = review.item.content["ideas"]
    options = Markup("").join(
        Markup('<label class="idea"><input type="radio" name="chosen" value="{}"{}><div>{}</div></label>').format(
            number, Markup(" checked") if number == chosen else "", _idea_title(idea, number)
        )
        for number, idea in enumerate(ideas)
    )
    return Markup('<div class="stack">{}</div>').format(options)


def _boxes(review: Review) -> Markup:
    """A box to tick for everything that the run fell back to: who approves accepts each."""
    happened: dict[str, list[str]] = {}
    for one in review.item.downgrades:
        happened.setdefault(one.code, []).append(one.detail)
    if not happened:
        return Markup()
    ticked = review.typed.accepts if review.typed else frozenset()
    boxes = Markup("").join(
        _BOX.format(code=code, details=" ".join(details), ticked=Markup(" checked") if code in ticked else "")
        for code, details in happened.items()
    )
    asks = "It is less than was asked for. You accept:"
    return Markup('<fieldset class="stack"><legend>{}</legend>{}</fieldset>').format(asks, boxes)


def _idea_title(idea: Any, number: int) -> str:
    title = idea.get("title") if isinstance(idea, dict) else None
    return title if isinstance(title, str) and title else f"Idea {number + 1}"


def _holding(review: Review) -> Markup:
    """Keeping it from going out, and letting it go on."""
    item = review.item
    if Grant.HOLD not in review.guest.link.may or item.status not in {*HOLDABLE, ItemStatus.RELEASING}:
        return Markup()
    if item.held_at is None:
        form = Markup(
            '<details class="stop"><summary>Hold this</summary><form method="post" action="{place}/hold">{token}'
            "<p>Nothing of it goes out until you, or the people you got the link from, let it go on.</p>"
            '<label>Why?<textarea name="reason" required maxlength="2000"></textarea></label>'
            '<button class="stop">Yes, hold it</button></form></details>'
        )
        return _CARD.format(title="Stop it", body=form.format(place=review.place, token=review.token))
    if item.held_by != review.guest.link.actor:
        return Markup()
    form = Markup(
        '<details class="go"><summary>Let it go on</summary><form method="post" action="{place}/let-go">{token}'
        "<p>It may go out again, if everything else is in order.</p><button>Yes, let it go on</button></form></details>"
    )
    return _CARD.format(title="You hold this", body=form.format(place=review.place, token=review.token))
