"""The fact base is written to be spoken and shown."""

from __future__ import annotations

from collections import Counter

import pytest
from vendors.text_model.offline.library import Topic, find_topic, shown, topics


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.name)
def test_a_topic_can_be_spoken_and_shown(topic: Topic) -> None:
    assert len(topic.facts) == 6
    assert len(topic.hook.split()) <= 9
    assert topic.question.endswith("?")
    assert topic.number.figure is not None
    assert all(tag.isalnum() for tag in topic.tags)
    for line in topic.lines:
        assert 3 <= len(line.say.split()) <= 17, line.say
        assert line.say[-1] in ".?!", line.say
        text, emphasis = shown(line.show)
        assert 1 <= len(text.split()) <= 8, line.show
        assert 1 <= len(emphasis) <= 3, line.show
        assert line.show.count("*") in (2, 4), line.show


def test_names_and_sentences_are_unique() -> None:
    names = Counter(topic.name for topic in topics())
    sentences = Counter(line.say for topic in topics() for line in topic.facts)
    assert names.most_common(1)[0][1] == 1
    assert sentences.most_common(1)[0][1] == 1


def test_a_topic_is_found_by_each_of_its_names() -> None:
    for topic in topics():
        assert find_topic(topic.name) is not None, topic.name
        for keyword in topic.keywords:
            assert find_topic(keyword) is not None, (topic.name, keyword)


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("tides", "tides"),
        ("why cats purr", "purring cats"),
        ("better sleep", "sleep"),
        ("the northern lights", "the northern lights"),
        ("how planes fly", "airplanes"),
        ("the Moon landing hoax", None),
        ("tide detergent prices in Ohio", None),
        ("the French Revolution", None),
        ("coffee shop insurance law", None),
        ("", None),
    ],
)
def test_only_a_topic_that_is_meant_is_found(subject: str, name: str | None) -> None:
    found = find_topic(subject)
    assert (found.name if found else None) == name
