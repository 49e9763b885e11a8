"""What is other in a content than it was: value by value, with paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from common.contracts.gates import Change, ChangeKind
from common.contracts.values import JsonObject
from common.manifest import canonical_json
from safety.rules.passage import escaped

COMPARED_ITEMS = 100
"""Finding what moved in a list takes the product of both lengths; longer ones are compared place by place."""

SHOWN_CHANGES = 40
SHOWN_CHARACTERS = 400


def differences(before: JsonObject, after: JsonObject) -> list[Change]:
    """Every difference, in the order of the paths. The same content gives none, whatever the order of its members."""
    return sorted(_of_values("", before, after), key=lambda change: change.path)


def shortened(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes as a message or an audit entry carries them: the first ones, with long values cut."""
    return tuple(
        change.model_copy(update={"before": _shortened(change.before), "after": _shortened(change.after)})
        for change in changes[:SHOWN_CHANGES]
    )


def _of_values(path: str, before: Any, after: Any) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            yield from _of_members(f"{path}/{escaped(name)}", before, after, name)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(path, before, after)
    elif _text(before) != _text(after):
        yield Change(path=path, before=before, after=after)


def _of_members(path: str, before: JsonObject, after: JsonObject, name: str) -> Iterator[Change]:
    if name not in after:
        yield Change(path=path, kind=ChangeKind.REMOVED, before=before[name])
    elif name not in before:
        yield Change(path=path, kind=ChangeKind.ADDED, after=after[name])
    else:
        yield from _of_values(path, before[name], after[name])


def _of_lists(path: str, before: list[Any], after: list[Any]) -> Iterator[Change]:
    """A removed item is named by its old place, an added or changed one by its new place."""
    for old, new in _blocks(before, after):
        both = min(len(old), len(new))
        for index, other in zip(old[:both], new[:both], strict=True):
            yield from _of_values(f"{path}/{other}", before[index], after[other])
        for index in old[both:]:
            yield Change(path=f"{path}/{index}", kind=ChangeKind.REMOVED, before=before[index])
        for other in new[both:]:
            yield Change(path=f"{path}/{other}", kind=ChangeKind.ADDED, after=after[other])


def _blocks(before: list[Any], after: list[Any]) -> Iterator[tuple[range, range]]:
    """The places of items that are not the same, old and new, block by block."""
    if max(len(before), len(after)) > COMPARED_ITEMS:
        yield range(len(before)), range(len(after))
        return
    matcher = SequenceMatcher(None, [_text(item) for item in before], [_text(item) for item in after], autojunk=False)
    for what, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if what != "equal":
            yield range(old_start, old_end), range(new_start, new_end)


def _text(value: Any) -> bytes:
    # Python takes 1, 1.0 and true for the same; their canonical texts differ where what is hashed differs.
    return canonical_json(value)


def _shortened(value: Any) -> Any:
    if isinstance(value, dict | list):
        value = _text(value).decode()
    if isinstance(value, str) and len(value) > SHOWN_CHARACTERS:
        return f"{value[:SHOWN_CHARACTERS]}…"
    return value
