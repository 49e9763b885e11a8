"""One utterance by espeak-ng, in a process of its own: a request in JSON on stdin, an answer on stdout.

espeak-ng keeps global state, can exit() or crash, and is under the GPL. Here it can do all that without touching us.
The answer is a 4-byte big-endian length, a JSON head of that length, and the samples. Standard library only, so that
`python -I -S` starts it in some ten milliseconds.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import struct
import sys
from typing import Any, BinaryIO

_SYNCHRONOUS, _PHONEME_EVENTS, _DO_NOT_EXIT = 2, 0x0001, 0x8000
_UTF8 = 1
_RATE, _PITCH, _RANGE = 1, 3, 4
_EVENTS_END, _EVENT_WORD, _EVENT_PHONEME = 0, 1, 7


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h. `text_position` counts characters, not bytes, from 1."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


_OnSamples = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class _Recording:
    """What espeak-ng hands out while it speaks: samples, beginnings of words, beginnings of phonemes."""

    def __init__(self) -> None:
        self.samples = bytearray()
        self.marks: list[tuple[int, int]] = []
        self.phonemes: list[tuple[int, str]] = []

    def on_samples(self, wave: Any, count: int, events: Any) -> int:
        """Called by the library; 0 asks it to go on."""
        if wave and count > 0:
            self.samples.extend(ctypes.string_at(wave, count * 2))
        index = 0
        while events[index].type != _EVENTS_END:
            event = events[index]
            if event.type == _EVENT_WORD:
                self.marks.append((event.text_position - 1, event.audio_position))
            elif event.type == _EVENT_PHONEME:
                self.phonemes.append((event.audio_position, event.id.string.decode("utf-8", "replace")))
            index += 1
        return 0


def synthesise(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The answer's head (`sample_rate`, `marks`, `pauses`) and its samples; `RuntimeError` says what went wrong."""
    library = ctypes.CDLL(request["library"])
    # Paths beyond some 150 characters make espeak_Initialize fail, so the folder is reached by its name alone.
    os.chdir(os.path.dirname(request["data"]))  # noqa: PTH120 -- importing pathlib would take longer than speaking.
    data = os.path.basename(request["data"])  # noqa: PTH119
    sample_rate = library.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), _PHONEME_EVENTS | _DO_NOT_EXIT)
    if sample_rate <= 0:
        raise RuntimeError(f"espeak-ng cannot read its data in {request['data']!r}.")
    if library.espeak_SetVoiceByName(request["voice"].encode()) != 0:
        raise RuntimeError(f"espeak-ng has no voice {request['voice']!r}.")
    for parameter, value in ((_RATE, "words_per_minute"), (_PITCH, "pitch"), (_RANGE, "range")):
        library.espeak_SetParameter(parameter, request[value], 0)
    recording = _Recording()
    callback = _OnSamples(recording.on_samples)
    library.espeak_SetSynthCallback(callback)
    text = request["text"].encode()
    library.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    head = {"sample_rate": sample_rate, "marks": recording.marks, "pauses": _pauses(recording.phonemes)}
    return head, bytes(recording.samples)


def _pauses(phonemes: list[tuple[int, str]]) -> list[tuple[int, int]]:
    """Silences in milliseconds: espeak's pause phonemes begin with an underscore and last until the next sound."""
    pauses: list[tuple[int, int]] = []
    begun: int | None = None
    for at_ms, name in phonemes:
        is_pause = name.startswith("_")
        if is_pause and begun is None:
            begun = at_ms
        elif not is_pause and begun is not None:
            pauses.append((begun, at_ms))
            begun = None
    if begun is not None:
        pauses.append((begun, phonemes[-1][0]))
    return pauses


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer the one request in `source`."""
    request = json.loads(source.readline())
    # The kernel ends us even inside C code, and even if the process that started us is long gone.
    signal.setitimer(signal.ITIMER_REAL, request["timeout_seconds"])
    try:
        head, samples = synthesise(request)
    except (RuntimeError, OSError) as exc:
        head, samples = {"error": str(exc)}, b""
    encoded = json.dumps(head).encode()
    sink.write(struct.pack(">I", len(encoded)) + encoded + samples)
    sink.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
