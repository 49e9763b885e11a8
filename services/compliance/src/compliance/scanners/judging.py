"""From facts to findings: what was measured, held against the limits. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from common.contracts.gates import Finding, Region
from safety.checks import CHECK_FAILED, WHERE_LIMIT, check_failed

from compliance.scanners.facts import Flashing, Line, PictureFacts, SoundFacts, Stretch, TagFacts
from compliance.scanners.limits import LIMITS, Limits, SafeBox

_CLOCK = r"(?:(\d{1,3}):)?(\d{2}):(\d{2})[.,](\d{3})"
_CUE = re.compile(rf"^{_CLOCK}[ \t]+-->[ \t]+{_CLOCK}", re.MULTILINE)
_LIKELY = 0.8
"""How sure a finding is that rests on what merely looks like writing or sounds like speech."""


def cues_of(captions: str) -> list[Stretch]:
    """When a WebVTT or SubRip file promises words. Cues that end before they start promise nothing."""
    found = []
    for match in _CUE.finditer(captions):
        parts = [int(part or 0) for part in match.groups()]
        start, end = _seconds(*parts[:4]), _seconds(*parts[4:])
        if start < end <= 86_400:
            found.append(Stretch(start_seconds=start, end_seconds=end))
    return found


def judge_picture(facts: PictureFacts, *, where: str, limits: Limits = LIMITS) -> list[Finding]:
    """What is wrong with the pictures of a film, or with a still, which cannot be frozen or flash."""
    rules = [_black(facts, limits), _flashing(facts, limits), _red(facts, limits), _contrast(facts, limits)]
    if facts.frames > 1:
        rules += [_frozen(facts, limits), _outside(facts, limits)]
    return [_at(finding, where) for rule in rules for finding in islice(rule, limits.findings_per_rule)]


def judge_sound(
    facts: SoundFacts, *, where: str, cues: Sequence[Stretch] = (), limits: Limits = LIMITS
) -> list[Finding]:
    """What is wrong with a sound; `cues` are when captions promise words."""
    rules = [_silent(facts, limits), _clipping(facts, limits), _level(facts, limits), _speech(facts, cues, limits)]
    return [_at(finding, where) for rule in rules for finding in islice(rule, limits.findings_per_rule)]


def judge_tags(facts: TagFacts, *, where: str) -> list[Finding]:
    """That a file carries more text than was looked at. What its text says is for the rules for text."""
    return [check_failed("A file with more text in its tags than is read", where=where)] if facts.left_out else []


def not_scanned(scanner: str, reason: str, *, where: str) -> Finding:
    """The finding for a file that a scanner did not look at: it blocks."""
    return Finding(
        rule=CHECK_FAILED,
        severity="blocking",
        message=f"The {scanner} scanner did not look at this file, so it counts as refused: {reason}.",
        where=where[:WHERE_LIMIT],
        remedy="Try again; if it stays, render or upload the file again, or tell an operator.",
    )


def _black(facts: PictureFacts, limits: Limits) -> Iterator[Finding]:
    if facts.frames == 1:
        if facts.black:
            yield _seen("media.black", "blocking", "The picture is black.", "Choose another picture.", facts.black[0])
        return
    dark = sum(stretch.seconds for stretch in facts.black)
    for stretch in facts.black:
        if stretch.seconds >= limits.black_seconds:
            severity = "blocking" if dark >= 0.9 * facts.seconds else "review"
            text = f"The picture is black for {stretch.seconds:.1f} s."
            yield _seen("media.black", severity, text, "Look at it, or render the scene again.", stretch)


def _frozen(facts: PictureFacts, limits: Limits) -> Iterator[Finding]:
    for stretch in facts.frozen:
        # A black picture stands still as well, and is said to be black already.
        dark = any(_shared(stretch, other) > 0.9 * stretch.seconds for other in facts.black)
        if stretch.seconds >= limits.frozen_seconds and not dark:
            text = f"The picture stands still for {stretch.seconds:.1f} s."
            yield _seen("media.frozen", "review", text, "Look at it, or render the scene again.", stretch)


def _flashing(facts: PictureFacts, limits: Limits) -> Iterator[Finding]:
    text = (
        "It flashes more than {flashes} times in a second over {share} of the field of view, which can cause seizures."
    )
    yield from _flashes("media.flashing", facts.flashing, text, limits)


def _red(facts: PictureFacts, limits: Limits) -> Iterator[Finding]:
    text = "A saturated red flashes more than {flashes} times in a second over {share} of the field of view."
    yield from _flashes("media.red_flashing", facts.red_flashing, text, limits)


def _flashes(rule: str, found: Iterable[Flashing], text: str, limits: Limits) -> Iterator[Finding]:
    worst = [
        flashing
        for flashing in found
        if flashing.flashes >= limits.flashes_per_second and flashing.share > limits.flashing_share
    ]
    if worst:
        flashing = worst[-1]
        yield Finding(
            rule=rule,
            severity="blocking",
            message=text.format(flashes=flashing.flashes, share=f"{flashing.share:.0%}"),
            where="",
            remedy="Slow it down to three flashes a second or fewer, or make what flashes smaller or softer.",
            frame=flashing.frame,
            at_seconds=round(flashing.start_seconds, 3),
            region=flashing.region,
        )


def _outside(facts: PictureFacts, limits: Limits) -> Iterator[Finding]:
    box = limits.upright if facts.height >= limits.upright_from * facts.width else limits.lying
    for line in facts.lines:
        if _lasts(line, facts, limits) and (side := _side(line.region, box, slack=limits.safe_slack)):
            text = f"What looks like writing stands {side} of what platforms leave free."
            yield _line("media.text_outside_safe_area", text, "Move it inwards.", line)


def _contrast(facts: PictureFacts, limits: Limits) -> Iterator[Finding]:
    if min(facts.width, facts.height) < limits.contrast_from_pixels:
        return
    for line in facts.lines:
        least = limits.large_contrast if line.height >= limits.large_letters else limits.contrast
        if (facts.frames == 1 or _lasts(line, facts, limits)) and line.contrast < least:
            text = f"What looks like writing has a contrast of {line.contrast:.1f}:1; it needs {least:g}:1."
            yield _line("media.low_contrast", text, "Make the letters or what is behind them lighter or darker.", line)


def _silent(facts: SoundFacts, limits: Limits) -> Iterator[Finding]:
    if facts.channels == 0:
        yield _heard("media.no_sound", "The film has no sound.", "Give it sound, or say that it is meant so.")
        return
    for stretch in facts.silent:
        if stretch.seconds >= limits.silent_seconds:
            text = f"Nothing is heard for {stretch.seconds:.1f} s."
            yield _heard("media.silent", text, "Listen to it; mix the sound again.", stretch)


def _clipping(facts: SoundFacts, limits: Limits) -> Iterator[Finding]:
    if facts.clipped_runs >= limits.clipped_runs:
        text = f"The sound is cut off at full scale {facts.clipped_runs} times."
        yield _heard("media.clipping", text, "Mix it again with less gain.", *facts.clipped[:1])


def _level(facts: SoundFacts, limits: Limits) -> Iterator[Finding]:
    loudness, peak = facts.loudness_lufs, facts.true_peak_dbtp
    if loudness is not None and loudness > limits.loudest_lufs:
        text = f"It is as loud as {loudness:.1f} LUFS; the most is {limits.loudest_lufs:g}."
        yield _heard("media.too_loud", text, "Bring it to -14 LUFS.")
    silent = sum(stretch.seconds for stretch in facts.silent) >= 0.9 * facts.seconds
    if loudness is not None and loudness < limits.softest_lufs and facts.channels and not silent:
        text = f"It is as soft as {loudness:.1f} LUFS; the least is {limits.softest_lufs:g}."
        yield _heard("media.too_soft", text, "Bring it to -14 LUFS.")
    if peak is not None and peak > limits.peak_dbtp + limits.peak_slack_db:
        text = f"Its true peak is {peak:.1f} dBTP; the most is {limits.peak_dbtp:g}."
        yield _heard("media.peak", text, "Limit it, measured at four times the rate.")


def _speech(facts: SoundFacts, cues: Sequence[Stretch], limits: Limits) -> Iterator[Finding]:
    promised = sum(cue.seconds for cue in cues)
    if promised <= 0:
        return
    heard = sum(_shared(cue, stretch) for cue in cues for stretch in facts.speech)
    if heard < limits.speech_share * promised:
        text = f"Captions promise {promised:.1f} s of speech; something like it is heard in {heard:.1f} s of that."
        yield _heard("media.speech_missing", text, "Listen to it; mix the voice in again.", cues[0]).model_copy(
            update={"confidence": _LIKELY}
        )


def _lasts(line: Line, facts: PictureFacts, limits: Limits) -> bool:
    # A film shorter than the limit cannot show anything for as long as that.
    return line.end_seconds - line.start_seconds >= min(limits.line_seconds, facts.seconds / 2)


def _side(region: Region, box: SafeBox, *, slack: float) -> str | None:
    over = {
        "to the left": box.left - region.x,
        "to the right": region.x + region.width - (1 - box.right),
        "above": box.top - region.y,
        "below": region.y + region.height - (1 - box.bottom),
    }
    side = max(over, key=lambda name: over[name])
    return side if over[side] > slack else None


def _shared(one: Stretch, other: Stretch) -> float:
    return max(0.0, min(one.end_seconds, other.end_seconds) - max(one.start_seconds, other.start_seconds))


def _seen(rule: str, severity: str, text: str, remedy: str, stretch: Stretch) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        message=text,
        where="",
        remedy=remedy,
        frame=stretch.frame,
        at_seconds=round(stretch.start_seconds, 3),
    )


def _line(rule: str, text: str, remedy: str, line: Line) -> Finding:
    return Finding(
        rule=rule,
        severity="review",
        message=text,
        where="",
        remedy=remedy,
        frame=line.frame,
        at_seconds=round(line.start_seconds, 3),
        region=line.region,
        confidence=_LIKELY,
    )


def _heard(rule: str, text: str, remedy: str, *at: Stretch) -> Finding:
    seconds = round(at[0].start_seconds, 3) if at else None
    return Finding(rule=rule, severity="review", message=text, where="", remedy=remedy, at_seconds=seconds)


def _at(finding: Finding, where: str) -> Finding:
    return finding.model_copy(update={"where": where[:WHERE_LIMIT]})


def _seconds(hours: int, minutes: int, seconds: int, ms: int) -> float:
    return hours * 3600 + minutes * 60 + seconds + ms / 1000
