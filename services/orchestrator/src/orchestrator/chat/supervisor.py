"""One turn of a conversation: from what is wanted to what is answered.

Questions and starts are done at once. What ends a run or decides at a gate is proposed first, with all that it would be
done on; a person does it by its code. The proposal names the hash of what was shown, so a decision about something else
is refused by compliance, not by us.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from common.contracts.values import Decision
from common.service.principal import Principal, Role

from orchestrator.chat.doors import Doors, Shut
from orchestrator.chat.finding import Films, SeveralFilms, Unknown
from orchestrator.chat.shapes import Act, Deed, Memory, Proposal, Refusal, Reply
from orchestrator.chat.wishes import LONGEST_SECONDS, UNDERSTOOD, Kind, Wish
from orchestrator.chat.wording import (
    code_for,
    film_card,
    held_card,
    named,
    proposal_of_cancel,
    proposal_of_decision,
    status_of,
)

_LISTED = 10
_WAITING_PAGE = 200
_PATHS = {
    Decision.APPROVED: "approve",
    Decision.REJECTED: "reject",
    Decision.CHANGES_REQUESTED: "request-changes",
}
_DONE = {
    Decision.APPROVED: "Approved",
    Decision.REJECTED: "Rejected",
    Decision.CHANGES_REQUESTED: "Changes are requested for",
}
NOT_UNDERSTOOD = "I did not understand that, so nothing was done. I know sentences like these:\n"


class Supervisor:
    """Carries out one turn for one speaker. `turn_id` makes a repeat of the turn do nothing twice."""

    def __init__(self, doors: Doors, caller: Principal, memory: Memory, *, turn_id: UUID) -> None:
        self._doors = doors
        self._caller = caller
        self._memory = memory
        self._turn_id = turn_id
        self._films = Films(doors, spoken_of=memory.film)

    async def answer(self, wish: Wish) -> tuple[Reply, Memory]:
        """The answer, and what to remember. What a route refuses is told as it said it; nothing is tried again."""
        acts: dict[Kind, Callable[[Wish], Awaitable[Reply]]] = {
            Kind.START: self._start,
            Kind.STATUS: self._status,
            Kind.LIST: self._list,
            Kind.WAITING: self._waiting,
            Kind.DECIDE: self._propose_decision,
            Kind.CANCEL: self._propose_cancel,
            Kind.CONFIRM: self._confirm,
        }
        try:
            reply = await acts[wish.kind](wish) if wish.kind in acts else self._words(wish)
        except Shut as shut:
            refusal = Refusal(status=shut.status, error=shut.code, detail=shut.detail)
            reply = Reply(text=f"That was refused: {shut.detail}", understood=wish.kind, refusal=refusal)
        except Unknown as unknown:
            reply = Reply(text=str(unknown), understood=wish.kind)
        except SeveralFilms as several:
            cards = [film_card(run) for run in several.runs]
            reply = Reply(text=str(several), understood=wish.kind, films=cards)
        spoken_of = reply.films[0].run_id if len(reply.films) == 1 else self._memory.film
        return reply, Memory(film=spoken_of, proposal=reply.proposal)

    def _words(self, wish: Wish) -> Reply:
        if wish.kind is Kind.DROP:
            text = "Nothing is done." if self._memory.proposal else "There was nothing to be done."
            return Reply(text=text, understood=Kind.DROP)
        before = "I know sentences like these:\n" if wish.kind is Kind.HELP else NOT_UNDERSTOOD
        return Reply(text=before + "\n".join(f"  {one}" for one in UNDERSTOOD), understood=wish.kind)

    async def _start(self, wish: Wish) -> Reply:
        if wish.seconds is not None and not 5 <= wish.seconds <= LONGEST_SECONDS:
            text = f"A film has 5 to {LONGEST_SECONDS} seconds, so nothing was started."
            return Reply(text=text, understood=wish.kind)
        given: dict[str, Any] = {"brief": wish.words}
        if wish.seconds is not None:
            given["target_seconds"] = wish.seconds
        body: dict[str, Any] = {"input": given}
        if wish.workflow is not None:
            body["workflow"] = wish.workflow
        started = await self._doors.do("/v1/runs", body, key=f"chat:{self._turn_id}")
        run = await self._doors.runs(f"/v1/runs/{started['run_id']}")
        text = (
            f"Started {named(run)} as {run['workflow']}. It will wait for people at its gates; ask me for its status."
        )
        deed = Deed(did="started", run_id=run["run_id"])
        return Reply(text=text, understood=wish.kind, films=[film_card(run)], deed=deed)

    async def _status(self, wish: Wish) -> Reply:
        run = await self._films.find(wish.film)
        return Reply(text=status_of(run), understood=wish.kind, films=[film_card(run)])

    async def _list(self, wish: Wish) -> Reply:
        query: dict[str, Any] = {"limit": _LISTED} | ({"status": wish.status} if wish.status else {})
        page = await self._doors.runs("/v1/runs", **query)
        cards = [film_card(run) for run in page["items"]]
        which = f"{wish.status} " if wish.status else ""
        if not cards:
            return Reply(text=f"There are no {which}runs.", understood=wish.kind)
        more = " There are more." if page["next_cursor"] else ""
        lines = [f"  {named(run)}: {run['status']}" for run in page["items"]]
        return Reply(
            text=f"The newest {which}runs, {len(cards)} of them:\n" + "\n".join(lines) + more,
            understood=wish.kind,
            films=cards,
        )

    async def _waiting(self, wish: Wish) -> Reply:
        page = await self._doors.held("/items", status="open", order="risk", limit=_WAITING_PAGE)
        mine = [item for item in page["items"] if self._may_take_part(item)]
        more = " I looked at the 200 that press most; there are more." if page["next_cursor"] else ""
        if not mine:
            return Reply(text=f"Nothing waits for your decision.{more}", understood=wish.kind)
        lines = [f"  {item['title']} ({item['gate']}), risk {item['risk']}, {item['verdict']}" for item in mine]
        text = f"{len(mine)} wait for a decision that you may take part in:\n" + "\n".join(lines) + more
        return Reply(text=text, understood=wish.kind, held=[held_card(item) for item in mine])

    def _may_take_part(self, item: dict[str, Any]) -> bool:
        """As the airlock sees it now; what it says when somebody decides counts."""
        stage, me = item["stage"], self._caller
        if item["requested_by"] == me.user_id:
            return False
        return me.user_id in stage["any_of"] or bool(me.roles & {*stage["reviewers"], Role.ADMIN.value})

    async def _propose_decision(self, wish: Wish) -> Reply:
        run = await self._films.find(wish.film)
        decision = wish.decision or Decision.APPROVED
        gates = [one for one in run["interrupts"] if one["kind"] == "hitl"]
        if not gates:
            text = f"{named(run)} is {run['status']}; there is nothing to decide now."
            return Reply(text=text, understood=wish.kind, films=[film_card(run)])
        if decision is not Decision.APPROVED and not wish.words:
            text = "Say why after a colon: the one who gets it back has to know."
            return Reply(text=text, understood=wish.kind, films=[film_card(run)])
        held = await self._doors.item(UUID(gates[0]["id"]))
        proposal, text = proposal_of_decision(run, held, decision, wish.words, turn_id=self._turn_id)
        cards = [film_card(run)]
        return Reply(text=text, understood=wish.kind, films=cards, held=[held_card(held["item"])], proposal=proposal)

    async def _propose_cancel(self, wish: Wish) -> Reply:
        run = await self._films.find(wish.film)
        if run["finished_at"]:
            text = f"{named(run)} is over: it is {run['status']}."
            return Reply(text=text, understood=wish.kind, films=[film_card(run)])
        proposal, text = proposal_of_cancel(run, turn_id=self._turn_id)
        return Reply(text=text, understood=wish.kind, films=[film_card(run)], proposal=proposal)

    async def _confirm(self, wish: Wish) -> Reply:
        proposal = self._memory.proposal
        if proposal is None:
            text = "There is nothing to confirm: only what I proposed in my last answer can be, and only once."
            return Reply(text=text, understood=wish.kind)
        if wish.words != code_for(proposal):
            # Asked again, for a word too few or a wrong one: what it is about is still there to be read.
            text = f"Nothing is done yet. If you mean what I showed you, say: {proposal.confirm_with}"
            return Reply(text=text, understood=wish.kind, proposal=proposal)
        return await (self._cancel(proposal) if proposal.act is Act.CANCEL else self._decide(proposal))

    async def _cancel(self, proposal: Proposal) -> Reply:
        run = await self._doors.do(f"/v1/runs/{proposal.run_id}/cancel")
        deed = Deed(did="cancelled", run_id=proposal.run_id)
        text = f"{named(run)} is being cancelled."
        return Reply(text=text, understood=Kind.CONFIRM, films=[film_card(run)], deed=deed)

    async def _decide(self, proposal: Proposal) -> Reply:
        decision = proposal.decision or Decision.REJECTED
        body = {
            "interrupt_id": str(proposal.item_id),
            "comment": proposal.comment,
            "manifest_sha256": proposal.manifest_sha256,
            **({"accepts_downgrades": proposal.accepts_downgrades} if proposal.accepts_downgrades else {}),
        }
        await self._doors.do(f"/v1/runs/{proposal.run_id}/{_PATHS[decision]}", body)
        run = await self._doors.runs(f"/v1/runs/{proposal.run_id}")
        deed = Deed(did="decided", run_id=proposal.run_id, item_id=proposal.item_id, decision=decision)
        text = f"{_DONE[decision]} {named(run)}, as you saw it ({(proposal.manifest_sha256 or '')[:8]})."
        return Reply(text=text, understood=Kind.CONFIRM, films=[film_card(run)], deed=deed)
