"""A scan in a process of its own: `python -m compliance.scanners.child SCANNER FILE FFMPEG NICE` prints facts as JSON.

Who looks for a logo says behind that which, where it should stand, and how wide: `LOGO PLACE WIDTH`. Who looks at the
picture of a film whose pieces were seen before says behind that which they are, and where what was seen of each lies:
`PIECE SEEN PIECE SEEN …`. What `piece` prints is that, and no facts.

A file that somebody made to harm a decoder harms this process alone: it may not write a file, it has a bound of memory
and of processor time, and it gives way to everything else.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import av
from common.contracts.scenes import Anchor
from media.probe import UnreadableMedia

from compliance.scanners.facts import PIECE, Facts, Scanner
from compliance.scanners.logos import NoShape
from compliance.scanners.looking import NoPicture, SeveralTracks, TooLong
from compliance.scanners.metadata import read_tags
from compliance.scanners.pieces import look_at_pieces, remember
from compliance.scanners.sounding import listen
from compliance.scanners.spotting import spot

MEMORY_BYTES = 3 << 30
"""Of addresses: libraries and the stacks of threads included, which alone are about one."""
PROCESSOR_SECONDS = 600
UNREADABLE = 3
"""How this ends when the file cannot be looked at; the reason is on stderr."""


def main(scanner: str, file: str, ffmpeg: str, niceness: str, *more: str) -> int:
    """Scan one file. → the exit code."""
    os.nice(int(niceness))
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    try:
        _scan(scanner, Path(file), ffmpeg, more)
    except (av.FFmpegError, UnreadableMedia) as error:
        return _refuse(f"it cannot be read: {error}")
    except NoShape:
        return _refuse("the logo has no shape, or is too small there to be told from other things")
    except NoPicture:
        return _refuse("it has no picture")
    except SeveralTracks as error:
        return _refuse(f"it has {error}, of which one would be looked at")
    except TooLong as error:
        return _refuse(f"it is longer than {error}")
    return 0


def _scan(scanner: str, file: Path, ffmpeg: str, more: tuple[str, ...]) -> None:
    if scanner == PIECE:
        sys.stdout.buffer.write(remember(file))
        return
    paths = [Path(one) for one in more]
    scans: dict[Scanner, Callable[[], Facts]] = {
        Scanner.PICTURE: lambda: look_at_pieces(file, list(zip(paths[::2], paths[1::2], strict=True))),
        Scanner.SOUND: lambda: listen(file, ffmpeg=ffmpeg),
        Scanner.TAGS: lambda: read_tags(file),
        Scanner.LOGO: lambda: spot(file, paths[0], place=Anchor(more[1]), width=float(more[2])),
    }
    sys.stdout.write(scans[Scanner(scanner)]().model_dump_json())


def _refuse(reason: str) -> int:
    sys.stderr.write(reason)
    return UNREADABLE


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
