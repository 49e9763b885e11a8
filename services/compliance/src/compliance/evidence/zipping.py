"""The zip file of a pack, byte for byte: stored members one behind the other, nothing between them, nothing hidden."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from common.contracts.values import JsonObject
from common.errors import Invalid
from common.manifest import canonical_json

FORMAT = "greenlight-evidence/1"
PREFIX = b"greenlight evidence pack v1\n"
PACK = "pack.json"
SIGNATURE = "signature.json"
_PIECE = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TWO_GIB = 2 << 30

Part = bytes | Path
"""What a member is made of: bytes, or those of a file."""


class PackTooLarge(Invalid):
    """A zip file of this size would need the format's extensions, which packs do without."""


def write_pack(
    target: Path, parts: Mapping[str, Part], *, head: JsonObject, sign: Callable[[bytes], JsonObject]
) -> None:
    """Write a pack. `sign` makes the signature document for the bytes it is given. Blocking. Raises `PackTooLarge`."""
    if sum(part.stat().st_size if isinstance(part, Path) else len(part) for part in parts.values()) > _TWO_GIB:
        raise PackTooLarge("The run's files have more than 2 GiB together; ask for a pack without all of them.")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        listed = [_add(archive, name, parts[name]) for name in sorted(parts)]
        document = canonical_json({**head, "format": FORMAT, "files": listed})
        _add(archive, PACK, document)
        _add(archive, SIGNATURE, canonical_json(sign(PREFIX + document)))


def _add(archive: zipfile.ZipFile, name: str, part: Part) -> JsonObject:
    digest, size = hashlib.sha256(), 0
    # The same pack is the same bytes whenever it is written, so no member carries a time.
    with archive.open(zipfile.ZipInfo(name, _EPOCH), "w") as member:
        for piece in _pieces(part):
            digest.update(piece)
            size += len(piece)
            member.write(piece)
    return {"path": name, "sha256": digest.hexdigest(), "size": size}


def _pieces(part: Part) -> Iterator[bytes]:
    if isinstance(part, bytes):
        yield part
        return
    with part.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
