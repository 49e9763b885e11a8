"""What a brief says to us rather than to the audience: the request, its length, its style, and orders to the system."""

from __future__ import annotations

import re

_FILM = (
    r"(?:video|short|reel|film|movie|clip|tiktok|spot|ad|advert|commercial|post|explainer|teaser|trailer|animation|"
    r"promo|story)s?"
)
_LENGTH = (
    r"(?:\d+|ten|fifteen|twenty|thirty|forty[- ]five|sixty|a few|one|half a)\s*-?\s*"
    r"(?:s|secs?|seconds?|mins?|minutes?)\b"
)
_KIND = (
    r"(?:short|quick|fun|funny|vertical|horizontal|instagram|youtube|tiktok|linkedin|facebook|social|media|promo|"
    r"promotional|explainer|educational|teaser|product|launch|animated|viral|little|nice|simple|engaging|upbeat|little|"
    rf"punchy|brief|great|cool|{_LENGTH}|\d+s|long)"
)
_LINK = (
    r"(?:about|on|for|(?:that|which) (?:explains?|shows?|announces?|tells?)|explaining|explains|showing|"
    r"telling|describing|called|titled|to explain|to show|to tell(?: people)?(?: about)?|with the title|[:–-])"
)
_WHO = r"(?:for|aimed at)\s+(?P<who>(?:[\w-]+\s+){1,4}?)(?=about|explaining|announcing|showing|that|introducing)"
_FOR = _WHO.replace("?P<who>", "?:")
_POLITE = re.compile(
    r"^(?:(?:hi|hey|hello|dear)(?: there| team| all)?\s*[,!.]?\s+)?(?:please,?\s+)?"
    r"(?:(?:can|could|would|will) you (?:please )?|(?:i|we)(?:'d| would)? (?:want|need|"
    r"like)(?: you)?(?: to)? |let's )?",
    re.I,
)
_ORDERED = re.compile(
    rf"^(?:make|create|produce|write|generate|do|film|shoot|give me|design|prepare|build|draft|have|cut)\s+(?:me |us )?"
    rf"(?:(?:a|an|the|one|some|our)\s+)?(?:[\w'-]+[ ,]+){{0,5}}?{_FILM}\b"
    rf"(?:\s*\([^)]*\))?(?:,?\s*(?:of|in|around|about|under|max)?\s*{_LENGTH}(?:\s+long)?)?[,]?\s*"
    rf"(?:{_FOR}\s*)?(?:{_LINK}\s*|$|(?=(?:announcing|introducing|promoting|celebrating|that|which|where|with|"
    rf"to|in which)\b))",
    re.I,
)
_NAMED = re.compile(
    rf"^(?:(?:a|an|one)\s+)?(?:{_KIND}[ ,-]+){{0,5}}{_FILM}\b(?:\s*\([^)]*\))?(?:,?\s*{_LENGTH}(?:\s+long)?)?"
    rf"\s*(?:{_FOR}\s*)?(?:{_LINK}\s+|(?=in memory|in honou?r|celebrating|introducing|announcing))",
    re.I,
)
_TELL = re.compile(
    r"^(?:explain|describe|teach(?: people| viewers| us| me)?|tell (?:people|viewers|everyone|the world|us|"
    r"me)(?: about)?|"
    r"show(?: people| viewers| us| me)?(?= how| why| what)|talk about|cover|discuss|present|topic is|it is about|"
    r"it's about)\s+(?:about\s+|that\s+|to\s+\w+\s+(?=how|why|what))?",
    re.I,
)
_TELL_TO = re.compile(
    r"^(?:tell|remind|ask|encourage|invite|urge) (?:people|viewers|everyone|everybody|them|customers|"
    r"staff)(?: not)? to (?P<what>.+)$",
    re.I,
)
_SAY = re.compile(
    r"^(?:please\s+)?(?:mention|include|say|add|point out|explain|emphasi[sz]e|highlight|stress|make clear|"
    r"note|be sure to "
    r"(?:mention|say|include)|make sure to (?:mention|say|include)|don't forget to (?:mention|say))\s+"
    r"(?:that\s+|the fact that\s+)?",
    re.I,
)
_TRAILING_LENGTH = re.compile(
    rf"[\s,;:–(-]*(?:\b(?:in|within|under|about|approx\.?|around|max\.?|at most|only|"
    rf"keep it to)\s+)?(?:just\s+|a\s+|an\s+)?"
    rf"{_LENGTH}(?:\s+(?:{_FILM}|long|max|maximum|or less))*\s*[.!)]*$",
    re.I,
)
_TRAILING_PLATFORM = re.compile(
    r"[\s,;(-]*\b(?:for|on|as)\s+(?:a\s+|an\s+|my\s+|our\s+)?(?:tiktok|instagram(?: reels?)?|"
    r"youtube(?: shorts?)?|reels?|"
    r"linkedin|facebook|social media|twitter|shorts)(?:\s+(?:video|reel|short|post|channel|account))?\s*[.!)]*$",
    re.I,
)
_ONLY_LENGTH = re.compile(
    rf"^(?:(?:the )?(?:length|duration|running time|video|film|it)?\s*(?:is|should be|must be|to be|:)?\s*)?"
    rf"(?:about|around|max(?:imum)?|under|at most|in|keep it (?:to|under)|no more than|no longer than)?\s*{_LENGTH}"
    rf"(?:\s+(?:long|max|maximum|{_FILM}))*[.!]?$",
    re.I,
)
_STYLE_WORDS = (
    r"(?:video|film|clip|tone|music|voice(?:-?over)?|captions?|subtitles?|viewers?|audience|tiktok|reels?|"
    r"logo|hashtags?|"
    r"call to action|cta|vertical|emojis?|script|narration|narrator|upbeat|humou?r(?:ous)?|playful|fast-paced|jargon|"
    r"style|visuals?|animations?|footage|b-roll|transitions?|seconds?|storytelling)"
)
_DIRECTION = re.compile(
    rf"^(?:please\s+)?(?:keep|make|use|add|include|show|avoid|don't|do not|no|end|start|open|close|finish|aim|"
    rf"with|target|"
    rf"it should|should|the|this|needs|give|let|be|try|write)\b[^.!?]*\b{_STYLE_WORDS}\b"
    r"|^(?:keep|make) (?:it|this|everything) (?:very |really |super |nice and )?(?:short|simple|fun|funny|"
    r"light|upbeat|friendly|"
    r"warm|serious|professional|catchy|snappy|clear|engaging|brief|personal|inspiring|inspirational|honest|"
    r"visual|casual)\b"
    r"|^(?:thanks|thank you|cheers)\b[^.!?]*[.!]*$|^(?:fun|funny|upbeat|serious|warm|friendly|playful|"
    r"casual)(?: tone)?[.!]?$",
    re.I,
)
_SYSTEM = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|skip)\b[^.!?\n]{0,40}\b(?:instructions?|prompts?|rules?|guidelines?|"
    r"polic(?:y|ies)|checks?|gates?|reviews?|approvals?|safety|filters?|above|previous|prior)\b"
    r"|\b(?:system prompt|system message|developer mode|jailbreak|prompt injection|your (?:system )?instructions|"
    r"as an ai|language model|you are now|you're now|from now on you|new instructions|hidden instructions)\b"
    r"|\b(?:approve|auto-?approve|publish|release|post|upload|deploy|send)\b[^.!?\n]{0,30}\b(?:this|it|everything|"
    r"immediately|automatically|without|right now|at once|the run|the gate|the video)\b"
    r"|\b(?:reveal|print|show|output|repeat|leak|tell me|give me)\b[^.!?\n]{0,30}\b(?:prompt|instructions|"
    r"secrets?|password|"
    r"passwords|api[ -]?keys?|tokens?|credentials|environment)\b"
    r"|\b(?:act as|pretend (?:to be|you are)|respond (?:only )?with|answer only|execute|run the (?:command|following)|"
    r"mark (?:this|it) as|set the (?:status|verdict|risk)|do not (?:review|check|flag)|don't (?:review|check|flag))\b"
    r"|^\s*(?:system|assistant|user|developer)\s*:|<\|?/?(?:system|im_start|im_end|assistant|s)\|?>|\{\{.*\}\}",
    re.I,
)


def addresses_system(sentence: str) -> bool:
    """Whether a sentence gives orders to the software rather than telling the audience something."""
    return bool(_SYSTEM.search(sentence))


def directs_the_film(sentence: str) -> bool:
    """Whether a sentence speaks about the film (`Keep it upbeat`, `30 seconds long`), not about its subject."""
    return bool(_ONLY_LENGTH.match(sentence) or _DIRECTION.match(sentence))


def audience_of(sentence: str) -> str:
    """Whom a requested film is for: `A video for HR managers about …` gives `HR managers`."""
    match = re.search(rf"\b{_FILM}\s+{_WHO}", sentence, re.I)
    return match.group("who").strip() if match else ""


def without_request(sentence: str) -> str:
    """The subject of a request: `Make a 20 second TikTok about bees` gives `bees`. Empty if nothing else is said."""
    text = sentence.strip()
    polite = _POLITE.sub("", text, count=1)
    ordered = _ORDERED.sub("", polite, count=1)
    named = _NAMED.sub("", polite, count=1)
    if asked := _TELL_TO.match(polite):
        text = re.sub(r"\btheir\b", "your", asked.group("what"))
    elif ordered != polite:
        text = ordered
    elif named != polite:
        text = named
    elif _TELL.match(polite):
        text = polite
    text = _TELL.sub("", text, count=1)
    for _ in range(2):
        text = _TRAILING_PLATFORM.sub("", text)
        text = text if _LENGTH_IS_CONTENT.search(text) else _TRAILING_LENGTH.sub("", text)
    return text.strip(" ,;:–-")


# `Hold the plank for 20 seconds` is about the plank; a length of the film is never introduced like this.
_LENGTH_IS_CONTENT = re.compile(
    rf"\b(?:for|every|after|per|takes?|lasts?|by|than|of|saves?|each)\s+(?:\w+\s+)?{_LENGTH}", re.I
)


def without_say(sentence: str) -> str:
    """`Mention that doors open at ten` gives `doors open at ten`."""
    return _SAY.sub("", sentence, count=1)
