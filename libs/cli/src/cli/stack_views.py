"""The local stack on the screen: starting it, and what runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from embedded.sandbox import NAME as SANDBOX
from embedded.stack import StackState, find_running, is_alive, read_stack
from rich.text import Text

from cli.exits import ExitCode
from cli.output import AMBER, GREEN, QUIET, RED, card, console, listing, notes, pairs, remark, say, size
from cli.places import shown
from cli.supervised import Layout, start_supervisor, wait_for_other

_PHASE_STYLES = {"ready": GREEN, "starting": AMBER, "restarting": AMBER, "failed": RED}
_KILOBYTES = re.compile(r"^(Rss|Pss):\s+(\d+) kB", re.MULTILINE)


def bring_up(data: Path, *, detach: bool, layout: str, port: int | None, sandbox: bool) -> ExitCode:
    """Start the stack, or find that it runs. Attached, it stays until Ctrl-C or until it ends by itself."""
    build_dashboard()
    chosen: Layout = "each" if layout == "each" else "one"
    running = find_running(data)
    supervisor = None if running else start_supervisor(data, layout=chosen, port=port, detached=detach, sandbox=sandbox)
    with notes().status("Starting the stack …") as status:

        def tick(what: str) -> None:
            status.update(f"Starting the stack … [dim]{what}[/]")

        try:
            state = supervisor.wait_until_ready(tick) if supervisor else None
        except KeyboardInterrupt:
            if supervisor:
                supervisor.stop()
            raise
        ours = state is not None
        state = state or wait_for_other(data, tick)
    console().print(_addresses(state, data, already=not ours))
    show_links()
    if sandbox and SANDBOX not in state.services:
        remark("It runs without the sandbox of vendors: ./greenlight down, and start it again.", style=AMBER)
    if not ours or supervisor is None or detach:
        return ExitCode.OK
    remark("Ctrl-C stops it; runs are kept.", style=QUIET)
    try:
        code = supervisor.wait()
    except KeyboardInterrupt:
        with notes().status("Stopping the stack …"):
            supervisor.stop()
        remark("Stopped.")
        return ExitCode.OK
    return ExitCode.OK if code == 0 else ExitCode.NO_STACK


def build_dashboard() -> None:
    """Build the dashboard if its sources changed; without it everything else goes on, and why is said."""
    from cli import dashboard
    from cli.node import NotBuilt

    if dashboard.is_built():
        return
    try:
        with notes().status("Building the dashboard …"):
            dashboard.build()
    except NotBuilt as error:
        remark(f"The dashboard was not built: {error}", style=AMBER)


def show_links() -> None:
    """Links that sign a browser in: two, because nobody decides about their own work. Each works once."""
    from cli.client import Client
    from cli.dashboard import is_built
    from cli.settings import Settings
    from cli.target import find_target
    from cli.trouble import Trouble

    if not is_built():
        return
    try:
        target = find_target(Settings())
        if target is None:
            return
        with Client(target) as client:
            say("Open the dashboard (each link signs one browser in, once; more: ./greenlight sign-in)")
            say(f"  as administrator  {client.sign_in_link()}", style="bold")
            if target.reviewer_name:
                say(f"  as reviewer       {client.sign_in_link(as_reviewer=True)}")
    except Trouble as trouble:
        remark(f"No link to the dashboard can be had: {trouble}", style=AMBER)


def status_document(data: Path, *, outside: str | None) -> dict[str, Any]:
    """What runs for a data folder, as JSON; memory as the kernel counts it, in bytes."""
    state = read_stack(data)
    document: dict[str, Any] = {"running": False, "data": str(data), "outside_url": outside}
    if state is None:
        return document
    alive = is_alive(state)
    document |= {
        "running": alive,
        "phase": state.phase.value if alive else "stopped",
        "problem": state.problem,
        "started_at": state.started_at.isoformat() if alive else None,
    }
    if not alive:
        return document
    processes = {"supervisor": _process([state.supervisor_pid], state.supervisor_pid, phase="ready", restarts=0)} | {
        name: _process(_with_descendants(one.pid), one.pid, phase=one.phase.value, restarts=one.restarts)
        for name, one in state.processes.items()
    }
    return document | {
        "edge_url": state.edge_url,
        "services": state.services,
        "servers": {"database": state.database_url, "nats": state.nats_url, "redis": state.redis_url},
        "processes": processes,
        "memory_pss_bytes": sum(one["pss_bytes"] or 0 for one in processes.values()),
    }


def show_status(document: dict[str, Any]) -> None:
    """The same for people."""
    if document["outside_url"]:
        say(f"Commands talk to {document['outside_url']} (GREENLIGHT_URL).")
    if (publishing := document.get("publishing")) and publishing["stopped"]:
        where = " for the whole installation" if publishing["everywhere"] else ""
        since = f"since {publishing['at']} by {publishing['by']}: {publishing['reason']}"
        say(f"Publishing is stopped{where} {since}", style=RED)
    if not document["running"]:
        say(f"No stack is running for {shown(Path(document['data']))}. Start one: ./greenlight up --detach")
        if document.get("problem"):
            say(f"The last one failed: {document['problem']}", style=RED)
        return
    rows = pairs(
        ("edge", Text(str(document["edge_url"]), style="bold")),
        ("state", Text(document["phase"], style=_PHASE_STYLES.get(document["phase"], ""))),
        ("memory", f"{size(document['memory_pss_bytes'])} for everything (PSS)"),
        ("data", shown(Path(document["data"]))),
    )
    console().print(card(rows, title="Greenlight", style=GREEN))
    table = listing("process", "state", "pid", "restarts", "memory")
    for name, one in document["processes"].items():
        memory = size(one["pss_bytes"]) if one["pss_bytes"] is not None else ""
        table.add_row(
            name,
            Text(one["phase"], style=_PHASE_STYLES.get(one["phase"], "")),
            str(one["pid"] or ""),
            Text(str(one["restarts"]), style=AMBER if one["restarts"] else QUIET),
            memory,
        )
    console().print(table)
    console().print()
    addresses = listing("service", "address")
    for name, url in document["services"].items():
        addresses.add_row(name, Text(url, style=QUIET))
    console().print(addresses)


def _addresses(state: StackState, data: Path, *, already: bool) -> Any:
    edge = state.edge_url or ""
    rows = pairs(
        ("edge", Text(edge, style="bold")),
        ("feed", f"{edge}/feed/default/"),
        *([("sandbox", state.services[SANDBOX])] if SANDBOX in state.services else []),
        ("data", shown(data)),
        ("keys", f"{shown(data)}/secrets.json"),
        ("next", "./greenlight demo · ./greenlight status · ./greenlight down"),
    )
    return card(rows, title="The stack runs already" if already else "The stack is up", style=GREEN)


def _process(family: list[int], pid: int | None, *, phase: str, restarts: int) -> dict[str, Any]:
    memory = _memory(family)
    return {
        "pid": pid,
        "phase": phase,
        "restarts": restarts,
        "rss_bytes": memory.get("Rss"),
        "pss_bytes": memory.get("Pss"),
    }


def _memory(family: list[int]) -> dict[str, int]:
    """Memory of these processes together; empty where the kernel does not tell."""
    total: dict[str, int] = {}
    for one in family:
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        for name, kilobytes in _KILOBYTES.findall(text):
            total[name] = total.get(name, 0) + int(kilobytes) * 1024
    return total


def _with_descendants(pid: int | None) -> list[int]:
    found = [pid] if pid else []
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text(encoding="ascii").split()]
            except OSError:
                continue
    return found
