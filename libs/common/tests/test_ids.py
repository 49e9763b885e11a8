"""Ids sort in the order in which a process makes them: the audit trail, kept by id, stays in order."""

from __future__ import annotations

import time
from uuid import RFC_4122

from common.ids import new_id


def test_ids_sort_as_they_were_made_and_are_uuids_of_now() -> None:
    before = time.time_ns() // 1_000_000
    made = [new_id() for _ in range(20_000)]
    after = time.time_ns() // 1_000_000
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(each.version, each.variant) for each in made} == {(7, RFC_4122)}
    assert before <= made[0].int >> 80 <= made[-1].int >> 80 <= after
