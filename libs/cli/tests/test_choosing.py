"""What people type, and what is meant by it."""

from __future__ import annotations

from uuid import UUID

import pytest
from cli.choosing import edit_of, inputs_of, seconds_in
from cli.output import clock_length, short_id, size, span
from cli.trouble import Trouble


@pytest.mark.parametrize(
    ("brief", "seconds"),
    [
        ("How tides work, in 20 seconds", 20),
        ("How tides work, 20 seconds", 20),
        ("How tides work: 45s", 45),
        ("A 30-second film about bread", 30),
        ("Explain yeast within 15 sec.", 15),
        ("Why light takes 8 minutes", None),
        ("Why a blink lasts 300 milliseconds", None),
        ("What happens 3 seconds after the Big Bang?", None),
        ("A film in 2 seconds", None),
        ("A film in 500 seconds", None),
        ("", None),
    ],
)
def test_a_length_in_a_brief(brief: str, seconds: int | None) -> None:
    assert seconds_in(brief) == seconds


def test_values_are_json_if_they_can_be_and_text_otherwise() -> None:
    given = inputs_of(["a=1", "b=[1, 2]", "c=plain text", 'd="2"', "e=x=y"])
    assert given == {"a": 1, "b": [1, 2], "c": "plain text", "d": "2", "e": "x=y"}


def test_paths_become_one_merge_patch() -> None:
    edit = edit_of(["post.title=New", "post.tags=[]", "chosen=1"])
    assert edit == {"post": {"title": "New", "tags": []}, "chosen": 1}
    assert edit_of([]) is None


@pytest.mark.parametrize("text", ["title", "=x", "a..b=1"])
def test_what_is_no_assignment_is_refused(text: str) -> None:
    with pytest.raises(Trouble, match="name=value"):
        edit_of([text])


def test_an_edit_cannot_go_into_what_is_no_object() -> None:
    with pytest.raises(Trouble):
        edit_of(["a=1", "a.b=2"])


def test_words_for_numbers() -> None:
    spans = [span(seconds) for seconds in (0.04, 9.96, 59.7, 185, 7440)]
    assert spans == ["0.0 s", "10 s", "1 min 00 s", "3 min 05 s", "2 h 04 min"]
    assert [size(812), size(4_200_000), size(3_000_000_000)] == ["812 B", "4.2 MB", "3.0 GB"]
    assert [clock_length(20_400), clock_length(72_000)] == ["20.4 s", "1 min 12 s"]


def test_short_ids_tell_runs_of_one_minute_apart() -> None:
    assert short_id(UUID("0194b7f0-5a7e-7cc3-98c4-dc0c0c07398f")) == "dc0c0c07398f"
    assert short_id(UUID("44c4ef1d-4c11-59f3-8bb8-602451374d2e")) == "44c4ef1d"
