"""The report: a Markdown page from the document that `conduct` makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]
TARGETS = {"ratio_langgraph": "≥ 5", "ratio_dbos": "≥ 4"}
CAVEATS = (
    "One machine: servers, engine and client share its cores, and PostgreSQL is on the data folder's disk.",
    "Greenlight's client is a second process that speaks HTTP; the peers are libraries called inside their own "
    "process: they pay for no request, no token, no bus and no second process.",
    "Greenlight does more for a step: it is ordered over JetStream, leased, executed by a worker, answered through "
    "outbox and inbox. The peers call a function. For all, each step's result is committed before the next begins.",
    "`langgraph` has its runs spread over 20 savers that share a pool, which is faster than its documentation's one "
    "saver (`langgraph_one_saver`): a saver lets one task at a time reach its pool.",
    "`bare` is no engine and no rival: two stored messages and three commits a step with nothing around them, which "
    "is what any engine with a bus and a worker pays. What it is slower than LangGraph, no such engine makes up.",
    "The peers keep no list, no stream and no tenants; what they would cost beside that is not measured.",
)


def write_report(found: Document, *, raw: str | None) -> str:
    """The page. `raw` is the name of the file beside it that has all of the numbers, if there is one."""
    return "\n".join(_lines(found, raw=raw)) + "\n"


def _lines(found: Document, *, raw: str | None) -> Iterator[str]:
    machine = found["machine"]
    postgres = ", ".join(f"{name} {value}" for name, value in machine["postgres"].items())
    yield "# Engine benchmarks\n"
    yield f"    {found['command']}\n"
    yield f"Commit `{found['commit']}`, {found['at'][:16]}Z. {machine['cores']} cores of {machine['processor']},"
    yield f"{machine['memory_gb']} GB, {machine['system']}, Python {machine['python']}. PostgreSQL: {postgres}."
    yield f"Load average before {found['load_before']}, after {found['load_after']}."
    yield f"Raw numbers: [{raw}]({raw}).\n" if raw else ""
    if (load := _busiest(found)) > machine["cores"]:
        yield (
            f"**The machine was busy**: load up to {load} on {machine['cores']} cores, of which the bench itself makes "
            "a part. Where other work takes a share, compare nothing here with other runs.\n"
        )
    if found["failed"]:
        yield "**Failed:** " + "; ".join(f"{part}: {reason}" for part, reason in found["failed"].items()) + "\n"
    if "throughput" in found:
        yield from _throughput(found)
    tables = {
        "starts": _starts,
        "decisions": _decisions,
        "receipts": _receipts,
        "waiting": _waiting,
        "fairness": _fairness,
    }
    for part, table in tables.items():
        if part in found:
            yield from table(found[part])
            before, after = found["loads"][part]
            yield f"Load average before {before}, after {after}.\n"
    yield "## Caveats\n"
    yield from (f"- {caveat}" for caveat in CAVEATS)


def _busiest(found: Document) -> float:
    """The highest load average that was seen before or after anything."""
    seen = [found["load_before"], found["load_after"], *(load for both in found["loads"].values() for load in both)]
    return float(max(seen))


def _throughput(found: Document) -> Iterator[str]:
    part = found["throughput"]
    engines = list(part["configurations"])
    levels = sorted({rate["in_flight"] for rate in part["rates"]})
    rates = {(rate["engine"], rate["in_flight"]): rate for rate in part["rates"]}
    yield "## Eight durable steps, and forty of 10 ms\n"
    rounds = found["size"]["rounds"]
    yield f"Medians of {rounds} alternating rounds (least to most). Steps a second by runs in flight:\n"
    yield "| engine | " + " | ".join(str(level) for level in levels) + " | 40 × 10 ms, seconds |"
    yield "|---" * (len(levels) + 2) + "|"
    for engine in engines:
        cells = [_spread(rates[engine, level]["steps_per_second"]) for level in levels]
        yield f"| {engine} | " + " | ".join(cells) + f" | {_spread(part['sequence_seconds'][engine])} |"
    yield "\nMilliseconds of a run from start to end, p50 / p95 / p99 over all rounds:\n"
    yield "| engine | " + " | ".join(str(level) for level in levels) + " |"
    yield "|---" * (len(levels) + 1) + "|"
    for engine in engines:
        cells = [_three(rates[engine, level]["run_ms"]) for level in levels]
        yield f"| {engine} | " + " | ".join(cells) + " |"
    yield "\nRatios of the medians, Greenlight's over theirs:\n"
    yield "| ratio | target | " + " | ".join(str(level) for level in levels) + " |"
    yield "|---" * (len(levels) + 2) + "|"
    for name, by_level in part["ratios"].items():
        cells = [f"{by_level[level]:.2f}" for level in levels]
        yield f"| `{name}` | {TARGETS.get(name, '')} | " + " | ".join(cells) + " |"
    yield "\nConfigurations:\n"
    for engine, configuration in part["configurations"].items():
        yield f"- {engine}: " + ", ".join(f"{name} {value}" for name, value in configuration.items())
    loads = ", ".join(f"{one['engine']} {one['load_before']}/{one['load_after']}" for one in part["raw"])
    yield f"\nLoad average before/after each turn, in order: {loads}.\n"


def _starts(part: Document) -> Iterator[str]:
    yield f"## Starts by {part['clients']} clients\n"
    yield "| `POST /v1/runs/start` | p50 | p95 | p99, ms |"
    yield "|---|---|---|---|"
    yield _row("each client once a second (target p95 ≤ 50 ms)", part["paced_ms"])
    yield _row(f"each again at once ({part['at_once_per_second']} starts a second)", part["at_once_ms"])
    yield ""


def _decisions(part: Document) -> Iterator[str]:
    yield "## Gate decision → next step's order in the worker\n"
    yield "| from | p50 (target ≤ 25) | p95 | p99 (target ≤ 100), ms |"
    yield "|---|---|---|---|"
    yield _row(f"the reviewer's request ({part['from_request_ms']['count']} decisions)", part["from_request_ms"])
    yield _row("its answer (negative: the order was there first)", part["from_answer_ms"])
    yield ""


def _receipts(part: Document) -> Iterator[str]:
    yield "## Commit → WebSocket receipt\n"
    yield (
        f"{part['sockets']} sockets, each following the runs it started; {part['wanted_per_second']} events a second "
        f"asked for, {part['received_per_second']} received live and {part['replayed_per_second']} as a replay, being "
        "older than the subscription. Timed from the instant in the entry, which is taken "
        "before its commit.\n"
    )
    yield "| | p50 (target ≤ 50) | p95 | p99 (target ≤ 200), ms |"
    yield "|---|---|---|---|"
    yield _row(f"{part['live_ms']['count']} frames", part["live_ms"])
    yield ""


def _waiting(part: Document) -> Iterator[str]:
    yield f"## {part['runs']:,} waiting runs\n"
    yield f"Made as {part['how']}.\n"
    yield "| what | target | measured |"
    yield "|---|---|---|"
    yield f"| disk of a waiting run, indexes included, after VACUUM | ≤ 8 KB | {part['bytes_each']:,.0f} bytes |"
    yield f"| the same before VACUUM | | {part['bytes_each_before_vacuum']:,.0f} bytes |"
    yield f"| its transport rows (outbox), forgotten after days | | {part['transport_bytes_each']:,.0f} bytes |"
    memory = f"{part['memory_mb_before']} → {part['memory_mb_after']} MB"
    yield f"| memory of the process, before → after | flat | {memory} |"
    yield f"| page of `GET /v1/runs`, p50 / p95 / p99 | p99 ≤ 100 ms | {_three(part['list_page_ms'])} ms |"
    starts = part["starts"]
    yield f"| start, 50 clients once a second each, p50 / p95 / p99 | p95 ≤ 50 ms | {_three(starts['paced_ms'])} ms |"
    yield f"| start, 50 clients again at once, p50 / p95 / p99 | | {_three(starts['at_once_ms'])} ms |"
    yield ""


def _fairness(part: Document) -> Iterator[str]:
    yield f"## One run beside {part['crowd']:,} of another tenant\n"
    yield (
        f"{part['steps']} steps of {part['step_seconds']:g} s, {part['slots']} slots. Of the other tenant's runs "
        f"{part['under_way_before']:,} had not ended at the first, {part['under_way_after']:,} at the last.\n"
    )
    yield f"| a single run, of {part['alone_ms']['count']} one after another | p50 | p95 | p99, ms |"
    yield "|---|---|---|---|"
    yield _row("alone", part["alone_ms"])
    yield _row("beside them", part["beside_ms"])
    yield f"| beside them ÷ alone (target ≤ 2) | {part['ratio_p50']} | | {part['ratio_p99']} |"
    yield ""


def _spread(value: Document) -> str:
    return f"{value['median']:,} ({value['least']:,} to {value['most']:,})"


def _three(value: Document) -> str:
    return f"{value['p50']:,} / {value['p95']:,} / {value['p99']:,}"


def _row(name: str, value: Document) -> str:
    return f"| {name} | {value['p50']:,} | {value['p95']:,} | {value['p99']:,} |"
