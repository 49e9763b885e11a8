"""Money in tests: a vendor that is paid, the books of a tenant, and processes that are killed in the middle."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
from common import testing_points
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.values import TERMINAL_STATUSES, Value
from common.forking import ForkServer, Process

from testkit.engine import Engine, think
from testkit.listening import eventually
from testkit.local import local_client
from testkit.stack import Stack
from testkit.workshop import Rows

_BOOKS = """
    select coalesce(sum(a.reserved_usd_micros + a.spent_usd_micros), 0)::bigint as taken,
        coalesce(sum(a.allotted_usd_micros), 0)::bigint as allotted,
        coalesce(sum(a.reserved_usd_micros), 0)::bigint as reserved,
        coalesce(bool_and(a.reserved_usd_micros >= 0
            and a.allotted_usd_micros >= a.reserved_usd_micros + a.spent_usd_micros
            and a.reserved_usd_micros + a.spent_usd_micros + a.reserved_below_usd_micros + a.spent_below_usd_micros
                <= coalesce(a.at_most_usd_micros, 1::bigint << 62)), true) as sound,
        (select coalesce(sum(r.reserved_usd_micros), 0)::bigint from orchestrator.ready_steps r
            where r.tenant_id = %(tenant)s) as backlog,
        (select coalesce(sum(t.allotted_usd_micros), 0)::bigint from orchestrator.tenant_accounts t
            where t.tenant_id = %(tenant)s and t.period = 'total') as given,
        (select coalesce(sum(c.cost_usd_micros), 0)::bigint from ideation.calls c
            where c.tenant_id = %(tenant)s) as paid,
        (select count(*) from orchestrator.run_accounts p where p.tenant_id = %(tenant)s
            and (p.reserved_below_usd_micros, p.spent_below_usd_micros) is distinct from (
                select (coalesce(sum(b.reserved_usd_micros), 0)::bigint, coalesce(sum(b.spent_usd_micros), 0)::bigint)
                from orchestrator.run_accounts b where b.tenant_id = %(tenant)s and p.run_id = any(b.above)
            )) as wrong_below
    from orchestrator.run_accounts a where a.tenant_id = %(tenant)s
"""
ESTIMATE = 100_000
"""Micro-dollars a call of the vendor may cost, and a step sets aside."""


class Bill(Value):
    """What a vendor answers, and what that cost."""

    usd_micros: int


class Spender:
    """Pays a vendor for each idea: as much as the test says, never more than the step has.

    The vendor writes each charge into `ledger`, which whoever is killed cannot take back.
    """

    def __init__(self, *prices: int, most: int = ESTIMATE, ledger: Path | None = None) -> None:
        self.prices = prices
        self.most = most
        self.made = 0
        self._ledger = ledger

    async def __call__(self, input: IdeationInput, step: Step) -> IdeationOutput:
        """Pay, then think."""
        await self.pay(step)
        return await think(input, step)

    async def pay(self, step: Step, key: str = "ask") -> Bill:
        """Call the vendor."""

        async def ask() -> Bill:
            self.made += 1
            bill = Bill(usd_micros=self.prices[self.made % len(self.prices)])
            if self._ledger is not None:
                with self._ledger.open("a") as book:
                    book.write(f"{bill.usd_micros}\n")
                testing_points.reached("vendor.charged")
            return bill

        return await step.call(
            "vendor", key, ask, returns=Bill, kind="vendor", request=Bill(usd_micros=0),
            cost_usd_micros=lambda bill: bill.usd_micros, at_most_usd_micros=self.most,
        )  # fmt: skip


def charged(ledger: Path) -> list[int]:
    """What the vendor has charged, one after another."""
    return [int(line) for line in ledger.read_text().splitlines()] if ledger.exists() else []


class Held(Spender):
    """Pays, and then goes on when it is let. What other tests left in the queue it may have, too."""

    def __init__(self, *prices: int) -> None:
        super().__init__(*prices)
        self.begun: set[UUID] = set()
        self.let_go = asyncio.Event()

    async def __call__(self, input: IdeationInput, step: Step) -> IdeationOutput:
        """Pay, and wait."""
        await self.pay(step)
        self.begun.add(step.run_id)
        await self.let_go.wait()
        return await think(input, step)


async def cap(engine: Engine, dollars: str | None, *, kind: str = "usd_micros_in_total") -> None:
    """Set one of the tenant's caps."""
    operator = await engine.person("operator")
    body = {"kind": kind, "at_most_usd": dollars}
    answer = await engine.client.put("/v1/limits", json=body, headers=operator.headers)
    assert answer.status_code == 200, answer.text


async def budgets(engine: Engine) -> list[dict[str, Any]]:
    """What the tenant is told of its money, all time first."""
    answer = await engine.get("/v1/budgets")
    assert answer.status_code == 200, answer.text
    return list(answer.json())


async def ended(tenant: str, rows: Rows, *, workflow: str = "%", seconds: float = 60) -> dict[str, int]:
    """How many of the tenant's runs ended how, once all have."""
    statuses = (
        "select status, count(*)::int from orchestrator.runs where tenant_id = %s and workflow like %s group by status"
    )

    def look() -> dict[str, int] | None:
        found: dict[str, int] = dict(rows(statuses, tenant, workflow))
        return found if set(found) <= {status.value for status in TERMINAL_STATUSES} else None

    return dict(await eventually(look, seconds=seconds))


def accounts(rows: Rows, tenant: str) -> tuple[int, int, int]:
    """Allotted, reserved and spent over all of a tenant's runs."""
    [found] = rows(
        "select coalesce(sum(allotted_usd_micros), 0)::bigint, coalesce(sum(reserved_usd_micros), 0)::bigint,"
        " coalesce(sum(spent_usd_micros), 0)::bigint from orchestrator.run_accounts where tenant_id = %s",
        tenant,
    )
    return found[0], found[1], found[2]


def paid(rows: Rows, tenant: str) -> int:
    """What calls have cost; where nobody knows how one ended, what it may have cost."""
    found = rows("select coalesce(sum(cost_usd_micros), 0)::bigint from ideation.calls where tenant_id = %s", tenant)
    return int(found[0][0])


def assert_settled(rows: Rows, tenant: str) -> None:
    """Nothing is set aside any more, and the books say what was really paid."""
    spent = paid(rows, tenant)
    assert accounts(rows, tenant) == (spent, 0, spent)
    periods = rows(
        "select period = 'total', sum(allotted_usd_micros)::bigint from orchestrator.tenant_accounts"
        " where tenant_id = %s group by 1 order by 1",
        tenant,
    )
    assert periods == [(False, spent), (True, spent)]
    assert rows("select 1 from orchestrator.ready_steps where tenant_id = %s", tenant) == []


@asynccontextmanager
async def watched(stack: Stack, tenant: str, *, cap: int) -> AsyncIterator[list[int]]:
    """While it is entered, the books are looked at as fast as that goes; yields what was taken at each moment."""
    seen: list[int] = []
    wrong: list[Any] = []

    async def look() -> None:
        async with await psycopg.AsyncConnection.connect(stack.superuser_url, autocommit=True) as connection:
            while True:
                found = await (await connection.execute(_BOOKS, {"tenant": tenant})).fetchone()
                assert found is not None
                taken, allotted, reserved, sound, backlog, given, spent, wrong_below = found
                seen.append(taken)
                in_order = sound and reserved == backlog and allotted == given and not wrong_below
                if max(taken, allotted, given, spent) > cap or not in_order:
                    wrong.append(found)
                # One look's end is the next one's beginning; others have to come to their turn between.
                await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    try:
        yield seen
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    assert wrong == []
    assert seen


class Mortal:
    """A process each of whose lives but the last ends by SIGKILL at a place of its own.

    While one is alive, and ready if it has a `url`, there is a file `alive` in its folder.
    """

    def __init__(
        self,
        forks: ForkServer,
        commands: Sequence[Sequence[str]],
        environments: Sequence[dict[str, str]],
        folder: Path,
        *,
        url: str = "",
    ) -> None:
        self._forks = forks
        self._lives = list(zip(commands, environments, strict=True))
        self._url = url
        self.alive = folder / "alive"
        self.endings: list[int] = []

    async def live(self) -> None:
        """Live all lives; the last one has no end of its own."""
        for command, environment in self._lives:
            process = await self._forks.fork("mortal", command, environment=environment, folder=Path.cwd())
            try:
                if self._url:
                    await self._ready_or_dead(process)
                self.alive.touch()
                self.endings.append(await process.wait())
            finally:
                self.alive.unlink(missing_ok=True)
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()

    async def _ready_or_dead(self, process: Process) -> None:
        async with local_client(self._url) as client:

            async def look() -> bool:
                try:
                    return process.returncode is not None or (await client.get("/ready")).status_code == 200
                except httpx.HTTPError:
                    return False

            await eventually(look, seconds=60)


def mortal_orchestrator(
    forks: ForkServer, stack: Stack, workflows: Path, folder: Path, points: Sequence[str]
) -> Mortal:
    """An orchestrator that dies at these testing points, one after another."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    environments = []
    for number, point in enumerate([*points, ""]):
        own = folder / str(number)
        own.mkdir(parents=True)
        environments.append(
            stack.environment("orchestrator")
            | {
                "GREENLIGHT_PORT": str(port),
                "GREENLIGHT_WORKFLOWS_DIR": str(workflows),
                "GREENLIGHT_DATA_DIR": str(own),
                "GREENLIGHT_TESTING_POINTS": point,
                "GREENLIGHT_POLL_MS": "100",
            }
        )
    command = ("-m", "embedded.host", "--service", "orchestrator")
    return Mortal(forks, [command] * len(environments), environments, folder, url=f"http://127.0.0.1:{port}")
