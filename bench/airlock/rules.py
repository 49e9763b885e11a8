"""How long many rules take on a script, a post and a long text: `python -m bench.airlock.rules`.

Rules are the shipped ones and as many more of the same kinds as it takes, in the shape of tenants' packs. Time is of
this process alone. The first look of a process, which compiles the expressions and the index, is told apart.
"""

from __future__ import annotations

import argparse
import gc
import pickle
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from common.manifest import canonical_json
from safety.checks import check
from safety.loading import Pack, read_pack
from safety.policy import Policy, compose, shipped

_BEATS = 14
_NARRATION = (
    "Twice a day the sea comes in and goes out again, and what pulls it is the moon, 384,400 kilometres away.",
    "How do you make a tide table? You measure the height of the water every minute for a year, and then you count.",
    "Some bays make it worse: in Fundy the water climbs sixteen metres, as high as a house, in six hours.",
    "Kill the lights, look up, and you can see what does all this. It has been doing so for four billion years.",
)
_NOUNS = [
    "acme",
    "globex",
    "initech",
    "umbrella",
    "hooli",
    "stark",
    "wayne",
    "cyberdyne",
    "soylent",
    "tyrell",
    "oscorp",
    "vandelay",
    "wonka",
    "duff",
    "aperture",
]
_VERBS = ["buy", "sell", "ban", "break", "steal", "leak", "copy", "rent", "burn", "hide"]


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--looks", type=int, default=2000)
    asked = parser.parse_args()
    policy = policy_of(asked.rules)
    contents = {"script of 90 s": script(), "post": post(), "54 KiB of narration": long_text()}
    say(f"{len(policy.rules)} rules in {len(policy.packs)} packs, version {policy.version}")
    say(f"handing the policy to another process: {len(pickle.dumps(policy)) / 1024:.0f} KiB")
    for name, content in contents.items():
        size = len(canonical_json(content))
        first, *times = _times(partial(check, policy, content), 1 + asked.looks)
        p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
        found = len(check(policy, content).findings)
        say(
            f"{name:20} {size:6} bytes  {found:2} findings  first {first:7.2f} ms  p50 {p50:6.2f} ms  p99 {p99:6.2f} ms"
            f"  max {max(times):6.2f} ms"
        )


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")


def policy_of(rules: int) -> Policy:
    """The shipped packs and as many packs of a tenant as make up that many rules."""
    everything = list(shipped().values())
    missing = rules - sum(len(pack.rules) for pack in everything)
    return compose([*everything, *_own_packs(missing)])


def script() -> dict[str, Any]:
    """A script for a film of a minute and a half, as production makes it."""
    beats = [
        {
            "narration": _NARRATION[number % len(_NARRATION)],
            "headline": f"Part {number + 1}",
            "visual": "A wide bay at low water, boats on the sand, the moon above, calm and blue",
            "seconds": 6.4,
        }
        for number in range(_BEATS)
    ]
    return {"language": "en", "beats": beats, "platforms": ["tiktok", "youtube", "instagram"], "post": post()}


def post() -> dict[str, Any]:
    """A post as the last gate holds it."""
    return {
        "title": "How tides work",
        "caption": "The moon pulls, the sea follows, twice a day. Which bay has the highest tide of all?",
        "hashtags": ["#tides", "#moon", "#sea", "#physics", "#AIgenerated"],
        "duration_ms": 90_000,
        "width": 1080,
        "height": 1920,
        "platforms": ["tiktok", "youtube", "instagram", "x"],
    }


def long_text() -> dict[str, Any]:
    """As much narration as an item may hold."""
    text = " ".join(_NARRATION * 200)
    return {"narration": [text[start : start + 300] for start in range(0, 54_000, 300)]}


def _own_packs(rules: int) -> Iterator[Pack]:
    """Packs of 25 rules each: phrases with gaps and choices, and every fifth an expression."""
    for number in range(0, max(0, rules), 25):
        name = f"house{number}"
        lines = [f"pack: {name}", "version: 1.0.0", "description: For measuring.", "rules:"]
        for place in range(number, min(number + 25, rules)):
            lines += [
                f"  - id: {name}.rule{place}",
                "    severity: review",
                "    text: Found.",
                "    remedy: Change it.",
            ]
            lines += _looks_for(place)
        yield read_pack("\n".join(lines))


def _looks_for(place: int) -> list[str]:
    if place % 5 == 4:
        when = f"type(item.caption) == string && characters(item.caption) > {2000 + place}"
        return ["    for_each: [caption]", f"    when: {when}"]
    noun, verb = _NOUNS[place % len(_NOUNS)], _VERBS[place % len(_VERBS)]
    phrases = [
        f"{verb} ... [{noun}|{noun}{place}] ... [product|products|shares|secret*]",
        f"[how|where|when] to ... {verb} ... {noun}{place}",
        f"the [{noun}|{noun}{place}] [scandal|leak|affair|trick]",
        f"[make|making|made] ... [{noun}{place}|moon{place}] ... [sea|water|bay]",
    ]
    return [f"    phrases: {phrases!r}".replace("'", '"'), f'    allow: ["{noun} park"]']


def _times(look: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of processor time for each look; the collector of garbage waits till the end of each."""
    taken = []
    gc.disable()
    for _ in range(times):
        began = time.process_time()
        look()
        taken.append((time.process_time() - began) * 1000)
    gc.enable()
    return taken


if __name__ == "__main__":
    main()
