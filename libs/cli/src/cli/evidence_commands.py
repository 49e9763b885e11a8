"""Evidence: what a run can show for itself, as a signed file that a stranger can verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.reporting import reported
from cli.run_commands import RunRef


@reported
def evidence(
    wanted: RunRef = "last",
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to put it.")] = None,
    full: Annotated[bool, typer.Option("--full", help="With all clips and voices, too.")] = False,
) -> None:
    """Pack what a run can show for itself into a signed file; `greenlight-verify` checks it without a network."""
    from cli.choosing import find_run
    from cli.connecting import connected
    from cli.output import remark, say
    from cli.places import shown
    from cli.settings import Settings

    with connected(Settings()) as client:
        run_id = find_run(client, wanted)
        target = output or Path(f"evidence-{run_id}.zip")
        partial = target.with_name(f".{target.name}.partial")
        try:
            # What breaks off in the middle must not look like a pack.
            with partial.open("wb") as file:
                params: dict[str, str | int] = {"full": "true"} if full else {}
                for piece in client.lines(f"/v1/runs/{run_id}/evidence", params=params):
                    file.write(piece)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        keys = client.ask("GET", "/v1/audit/keys")["keys"]
    say(str(target))
    remark(f"Check it anywhere: greenlight-verify {shown(target)} --key {keys[0]['kid']}")
