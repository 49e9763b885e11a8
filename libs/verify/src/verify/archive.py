"""Reading a pack's zip file, which may come from an enemy.

A pack is a plain zip and nothing else: members one behind the other without a gap, stored and not compressed, each name
once, no comment, no extra field, nothing before or behind. So nothing can unfold to more than the file itself, nothing
can hide between members, and every program that reads zip files sees the same.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from verify.findings import MEMORY_LIMIT, NotAPack, Unreadable

MEMBERS_AT_MOST = 20_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_NAME_AT_MOST = 200
_PIECE = 1 << 20
_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")


@dataclass(frozen=True)
class Member:
    """Where in the file a member's bytes are."""

    name: str
    at: int
    size: int


class Archive:
    """A pack's members by name. Nothing is ever written to the disk."""

    def __init__(self, path: Path) -> None:
        """Raises `NotAPack`."""
        self._path = path
        try:
            with path.open("rb") as file:
                self.members: Mapping[str, Member] = _members(file, path.stat().st_size)
        except OSError as error:
            raise NotAPack(f"{path.name} cannot be read: {error.strerror or error}.") from error

    def sha256(self, name: str) -> str:
        """The hash of a member's bytes, in hex."""
        digest, member = hashlib.sha256(), self.members[name]
        with self._path.open("rb") as file:
            file.seek(member.at)
            left = member.size
            while left and (piece := file.read(min(_PIECE, left))):
                digest.update(piece)
                left -= len(piece)
        return digest.hexdigest()

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises `Unreadable` when there is none, or it is too large for a text."""
        member = self.members.get(name)
        if member is None:
            raise Unreadable("It is missing.")
        if member.size > MEMORY_LIMIT:
            raise Unreadable(f"It has {member.size} bytes; {MEMORY_LIMIT} are the limit for a text.")
        with self._path.open("rb") as file:
            file.seek(member.at)
            return file.read(member.size)


def _members(file: BinaryIO, size: int) -> dict[str, Member]:
    directory, ends_at = _directory(file, size)
    members: dict[str, Member] = {}
    begins = 0
    for entry in _entries(directory):
        if entry.name in members:
            raise NotAPack(f"The pack has two members called {entry.name!r}; which one counts, nobody can say.")
        if entry.begins != begins:
            raise NotAPack(f"Something lies between or below members, before {entry.name!r}.")
        members[entry.name] = _located(file, entry, ends_at=ends_at)
        begins = members[entry.name].at + entry.size
    if begins != ends_at:
        raise NotAPack("Something lies between the last member and the list of members.")
    return members


@dataclass(frozen=True)
class _Entry:
    name: str
    begins: int
    size: int
    crc: int


def _directory(file: BinaryIO, size: int) -> tuple[bytes, int]:
    """→ the bytes of the list of members, and where in the file it begins."""
    if size < _END.size:
        raise NotAPack("This is no evidence pack: it is too short for a zip file.")
    file.seek(size - _END.size)
    signature, disk, first_disk, here, count, length, begins, comment = _END.unpack(file.read(_END.size))
    if signature != b"PK\x05\x06":
        raise NotAPack("The end of a zip file is missing: the pack was cut off, has something behind it, or is none.")
    if disk or first_disk or here != count or comment:
        raise NotAPack("The zip file has several parts or a comment; a pack has neither.")
    if count > MEMBERS_AT_MOST:
        raise NotAPack(f"The pack has {count} members; {MEMBERS_AT_MOST} are the limit.")
    if begins + length + _END.size != size:
        raise NotAPack("The zip file's list of members is not where its end says: the pack was cut or pieced together.")
    file.seek(begins)
    return file.read(length), begins


def _entries(directory: bytes) -> list[_Entry]:
    found, at = [], 0
    while at < len(directory):
        if at + _ENTRY.size > len(directory):
            raise NotAPack("The zip file's list of members is cut off.")
        (signature, _made, _needs, flags, method, _time, _date, crc, packed, size,
         name_length, extra, comment, disk, _inside, _outside, begins) = _ENTRY.unpack_from(directory, at)  # fmt: skip
        raw = directory[at + _ENTRY.size : at + _ENTRY.size + name_length]
        name = raw.decode("ascii", errors="backslashreplace")
        if signature != b"PK\x01\x02" or len(raw) != name_length:
            raise NotAPack("The zip file's list of members is damaged.")
        if not _NAME.fullmatch(name) or len(name) > _NAME_AT_MOST:
            raise NotAPack(f"The name {name[:_NAME_AT_MOST]!r} leads out of the pack, or is none that a pack uses.")
        if method or packed != size:
            raise NotAPack(f"{name!r} is compressed ({packed} bytes unfold to {size}); a pack's members never are.")
        if flags or extra or comment or disk:
            raise NotAPack(f"{name!r} is encrypted or carries something besides its bytes; a pack's members never do.")
        found.append(_Entry(name, begins, size, crc))
        at += _ENTRY.size + name_length
    return found


def _located(file: BinaryIO, entry: _Entry, *, ends_at: int) -> Member:
    """The member, if what stands before its bytes says the same as the list does."""
    file.seek(entry.begins)
    head = file.read(_LOCAL.size)
    at = entry.begins + _LOCAL.size + len(entry.name)
    if len(head) < _LOCAL.size or at + entry.size > ends_at:
        raise NotAPack(f"{entry.name!r} reaches beyond the members' end.")
    signature, _needs, flags, method, _time, _date, crc, packed, size, name_length, extra = _LOCAL.unpack(head)
    same = (packed, size, crc, name_length) == (entry.size, entry.size, entry.crc, len(entry.name))
    if (
        signature != b"PK\x03\x04"
        or flags
        or method
        or extra
        or not same
        or file.read(name_length) != entry.name.encode()
    ):
        raise NotAPack(f"{entry.name!r} is described in two ways; programs would read different things.")
    return Member(entry.name, at, entry.size)
