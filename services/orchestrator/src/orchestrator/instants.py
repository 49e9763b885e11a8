"""When a cron expression is due, in a time zone.

Where the clock is put forward, a time that does not exist is due at the moment of the change; where it is put back, a
time that comes twice is due the first time. What is due every so many minutes or every hour goes by elapsed time, so it
is due in each of the two hours and never in the one that is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import dropwhile, islice, takewhile
from zoneinfo import ZoneInfo, available_timezones

from common.errors import Invalid
from cronsim import CronSim, CronSimError

_FIELDS = 5


def check_cron(cron: str, timezone: str) -> None:
    """Raises `Invalid` for what is no cron expression of five fields, or no time zone."""
    if timezone not in _zones():
        raise Invalid(f"There is no time zone {timezone!r}; an example is Europe/Berlin.")
    if len(cron.split()) != _FIELDS:
        raise Invalid("A cron expression has five fields: minute, hour, day, month, weekday.")
    try:
        CronSim(cron, datetime.now(ZoneInfo(timezone)))
    except CronSimError as error:
        raise Invalid(f"{cron!r} is no cron expression: {error}.") from error


def due_after(cron: str, timezone: str, after: datetime, *, count: int) -> list[datetime]:
    """The next instants later than `after`, in UTC; fewer when there are no more within 50 years."""
    return list(islice(_instants(cron, timezone, after), count))


def due_before(cron: str, timezone: str, until: datetime, *, since: datetime, count: int) -> list[datetime]:
    """The newest instants from `since` up to and including `until`, in UTC, the oldest of them first.

    However long ago `since` is, no more than `count` are worked out.
    """
    # The library gives what is earlier than its start; what is due at this very minute belongs to it.
    backwards = _instants(cron, timezone, until + timedelta(minutes=2), reverse=True)
    past = dropwhile(lambda instant: instant > until, backwards)
    return list(islice(takewhile(lambda instant: instant >= since, past), count))[::-1]


def _instants(cron: str, timezone: str, start: datetime, *, reverse: bool = False) -> Iterator[datetime]:
    for instant in CronSim(cron, start.astimezone(ZoneInfo(timezone)), reverse=reverse):
        yield instant.astimezone(UTC)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
