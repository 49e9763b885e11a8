"""A scan in a process of its own: `python -m compliance.scanners.child SCANNER FILE FFMPEG NICE` prints facts as JSON.

Who looks for a logo says behind that which, where it should stand, and how wide: `LOGO PLACE WIDTH`.

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

from compliance.scanners.facts import Facts, Scanner
from compliance.scanners.logos import NoShape
from compliance.scanners.looking import NoPicture, SeveralTracks, TooLong, look
from compliance.scanners.metadata import read_tags
from compliance.scanners.sounding import listen
from compliance.scanners.spotting import spot

MEMORY_BYTES = 3 << 30
"""Of addresses: libraries and the stacks of threads included, which alone are about one."""
PROCESSOR_SECONDS = 600
UNREADABLE = 3
"""How this ends when the file cannot be looked at; the reason is on stderr."""


def main(scanner: str, file: str, ffmpeg: str, niceness: str, *logo: str) -> int:
    """Scan one file. → the exit code."""
    os.nice(int(niceness))
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    scans: dict[Scanner, Callable[[Path], Facts]] = {
        Scanner.PICTURE: look,
        Scanner.SOUND: lambda path: listen(path, ffmpeg=ffmpeg),
        Scanner.TAGS: read_tags,
        Scanner.LOGO: lambda path: spot(path, Path(logo[0]), place=Anchor(logo[1]), width=float(logo[2])),
    }
    try:
        facts = scans[Scanner(scanner)](Path(file))
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
    sys.stdout.write(facts.model_dump_json())
    return 0


def _refuse(reason: str) -> int:
    sys.stderr.write(reason)
    return UNREADABLE


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
