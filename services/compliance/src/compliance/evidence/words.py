"""What a pack says to somebody who has never seen one."""

from __future__ import annotations

README = """\
EVIDENCE PACK

This file says what is in the pack and how to check it. Nothing here has to be believed: the check is the point.

A studio made a film (or something else) by agents, from a brief to its publication. This pack is the record of that one
run: {run_id}, of the tenant {tenant}, packed at {made_at}.
{state}

WHAT IS IN IT

  pack.json                the list of all files with their hashes; signature.json is the signature over it
  run/brief.json           what was asked for
  run/run.json             the run: when, by whom, what it cost, how it ended
  run/definition.json      the workflow it went by; its SHA-256 is the run's definition_digest
  run/prompts.json         the agents with their instructions, models and parameters, and the attempts that used them
  run/steps.json           what each step gave
  run/history.ndjson       everything that happened, in order, one line each
  run/costs.json           what each step cost
  run/sources.json         what was looked up, and the sources that were found; where there are none, it says so
  run/posts.json           where it was published and seen to be public
  artifacts/index.json     every file the run made, by whom, under which licence; the most important are beside it
  airlock/items.json       what was held for review, what the checks said, who decided what and when, what was let out
  airlock/manifests/       exactly what was decided on: each file's name is the hash that the decision names
  policy.json              the rules by which it was checked
  chain/                   this run's entries of the studio's audit chain, and the links up to a signed anchor
  keys.json                the studio's public keys
  c2pa/                    if it is there: a copy of the film that carries its own statement of origin (C2PA)

HOW TO CHECK IT

1. Get the program `greenlight-verify` from somebody you trust. It is not in the pack: a pack that brings the program
   that vouches for it proves nothing. It is small, and needs Python and the library `cryptography`, and no network.
2. Get the fingerprint of the studio's key from the studio, not from the pack. This pack claims {kid}
3. Run:  greenlight-verify PACK --key FINGERPRINT
   It says in plain sentences what holds, and names exactly what was altered.

How everything is computed, byte for byte, is in the document "Evidence packs" of the project, so that you can write the
check yourself.

WHAT IT DOES NOT PROVE

That what people or agents wrote is true. That the studio's key was in good hands. That nothing happened which nobody
recorded. Who was forgotten on request is not named any more; the pack says which entries that concerns.
"""

UNFINISHED = "The run was unfinished then ({status}): more may have followed."
FINISHED = "The run was over then: {status}."
NO_SOURCES = "No step of this run recorded a source: it worked from its brief and from what its models know."
OFFLINE = "Where the origin is `offline`, no vendor's model was asked: a rule-based stand-in of the studio made it."
