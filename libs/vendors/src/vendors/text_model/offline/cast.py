"""Who and what a concept speaks of: its people with what it says of them, its things, and where it plays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from vendors.text_model.offline.verbs import VERBS, is_finite
from vendors.text_model.offline.words import STOP_WORDS, capitalise, stem, word_set

_DETERMINERS = word_set("a an the her his their its our my one two three four five another every each some")
_PLACED = word_set("in on at inside aboard near beneath under outside behind across through into above around")
_TIMES = word_set(
    """night day morning evening noon midnight dawn dusk year years week month hour minute moment time past future end
    beginning first second third summer winter autumn spring century same other way order fact rest middle case"""
)
PEOPLE = word_set(
    """person people man woman men women boy girl child children kid kids teenager teen baby mother father mum mom dad
    parent parents daughter son sister brother siblings twin twins wife husband widow widower grandmother
    grandfather grandma grandpa aunt uncle cousin friend friends stranger neighbour neighbor lover couple family
    orphan king queen prince princess knight wizard witch ghost robot android alien monster dragon soldier captain
    sailor pilot astronaut doctor nurse surgeon patient teacher student pupil professor scientist engineer inventor
    detective officer cop sheriff judge lawyer thief thieves burglar spy assassin killer criminal prisoner guard
    chef cook baker waiter waitress farmer fisherman hunter shepherd gardener carpenter blacksmith clockmaker
    watchmaker painter artist sculptor musician pianist violinist singer dancer actor actress writer poet novelist
    journalist reporter photographer librarian keeper clerk cashier driver courier postman mechanic mayor president
    politician priest monk nun rabbi imam beekeeper boxer runner athlete coach champion player refugee immigrant
    tourist traveller traveler explorer climber diver pirate crew team gang rival enemy villain hero heroine boss
    manager owner founder assistant apprentice mentor dog cat horse translator interpreter archivist cartographer
    mathematician hacker programmer developer designer architect"""
)
AGAINST = word_set(
    """rival enemy villain killer assassin thief thieves monster boss king queen guard criminal witch dragon pirate"""
)
_ADJECTIVES = word_set(
    """old young lonely shy brave poor rich blind deaf mute little small tall tired angry sad happy mad clumsy grumpy
    proud strange quiet loud honest famous last only former ex bitter gentle kind cruel cold warm new dead big great
    secret hidden whole half broken wise reckless stubborn timid bold vain greedy loyal foreign single ageing aging"""
)
_SITES = word_set(
    """island lake sea ocean river beach coast harbour harbor port village town city street house home flat apartment
    kitchen bakery shop store bar cafe restaurant hotel school university hospital church monastery castle palace tower
    lighthouse farm forest wood woods mountain valley desert cave mine ship boat submarine train station airport plane
    spaceship colony planet moon prison court office factory laboratory lab library museum theatre theater opera cinema
    circus garden park cellar attic bridge tunnel border camp"""
)
_INSIDE = word_set(
    """house home flat apartment kitchen bakery shop store bar cafe restaurant hotel school university hospital church
    monastery castle palace tower lighthouse submarine train station airport plane spaceship prison court office factory
    laboratory lab library museum theatre theater opera cinema cellar attic tunnel cave mine conference room"""
)
_PROPER_PLACE = re.compile(r"\b(?:in|on|near|from)\s+(?P<name>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)")
_ADJECTIVAL = re.compile(r"\w{2,}(?:ed|ful|less|ous|ive|ish|ical|ary|ic|ing|ious)$")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]|\n")


@dataclass(frozen=True)
class Person:
    """Somebody in a concept. `said` are the adjectives it gives them, `is_a` is what it says that a named one is."""

    name: str
    said: tuple[str, ...] = ()
    is_named: bool = False
    is_a: str = ""

    @property
    def as_subject(self) -> str:
        """`Mara`, or `the lighthouse keeper`."""
        return self.name if self.is_named else f"the {self.name.lower()}"

    @property
    def opposes(self) -> bool:
        """Whether their very name says that they are against somebody."""
        return bool(AGAINST & set(self.name.lower().split()))


@dataclass(frozen=True)
class Cast:
    """People, things and places, each in the order of the concept and once."""

    people: tuple[Person, ...]
    things: tuple[str, ...]
    places: tuple[str, ...]


def cast_of(text: str) -> Cast:
    """Whom and what `text` names. It is English; the same text gives the same cast."""
    people: dict[str, Person] = {}
    things: dict[str, None] = {}
    places: dict[str, None] = {}
    words = _WORD.findall(text)
    for name in _proper_names(words):
        people.setdefault(name.lower(), Person(name, is_named=True))
    last_named = ""
    for at, word in enumerate(words):
        if word.lower() in {key.split()[0] for key, one in people.items() if one.is_named} and word[:1].isupper():
            last_named = next(key for key in people if key.split()[0] == word.lower())
        if word.lower() not in _DETERMINERS:
            continue
        said, noun = _phrase(words[at + 1 : at + 6])
        if not noun:
            continue
        phrase = " ".join(noun)
        placed = noun[-1].lower() in _SITES or (at > 0 and words[at - 1].lower() in _PLACED)
        if stem(noun[-1]) in _PEOPLE_STEMS:
            before = words[at - 1] if at else ""
            if last_named and before == "," and not people[last_named].is_a:
                # `Mara, a retired diver, …` says who Mara is.
                people[last_named] = replace(people[last_named], said=said, is_a=phrase.lower())
                continue
            people.setdefault(phrase.lower(), Person(_titled(phrase), said))
            # A lighthouse keeper has a lighthouse.
            for site in (one.lower() for one in noun[:-1] if one.lower() in _SITES):
                places.setdefault(site)
        elif noun[-1].lower() not in _TIMES:
            (places if placed else things).setdefault(" ".join((*said, *noun)).lower())
    for placed_name in _PROPER_PLACE.finditer(text):
        places.setdefault(placed_name["name"])
    order = {key: text.lower().find(key) for key in people}
    return Cast(
        tuple(people[key] for key in sorted(people, key=lambda key: order[key])),
        tuple(thing for thing in things if thing not in places and not thing.endswith("film")),
        tuple(places),
    )


_PEOPLE_STEMS = frozenset(stem(word) for word in PEOPLE)


def heading_of(place: str, *, time: str) -> str:
    """A scene heading: `INT. LIGHTHOUSE - NIGHT`. Without a place it says that one is to be chosen."""
    if not place:
        return f"INT./EXT. PLACE TO BE CHOSEN - {time}"
    inside = place.rsplit(maxsplit=1)[-1].lower() in _INSIDE
    outside = place.rsplit(maxsplit=1)[-1].lower() in _SITES
    return f"{'INT.' if inside else 'EXT.' if outside else 'INT./EXT.'} {place.upper()} - {time}"


def _phrase(words: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands behind a determiner: adjectives, and one or two words of a noun. Either may be empty."""
    said: list[str] = []
    noun: list[str] = []
    for place, word in enumerate(words):
        low = word.lower()
        if not word[:1].isalpha() or low in STOP_WORDS or low in _DETERMINERS or (is_finite(low) and not noun):
            if is_finite(low) and not noun and low.endswith("ed") and word[:1].isalpha():
                said.append(low)
                continue
            break
        if not noun and (low in _ADJECTIVES or _ADJECTIVAL.match(low)) and stem(low) not in _PEOPLE_STEMS:
            said.append(low)
            continue
        if low.endswith(("'s", "’s")):
            noun.append(word)
            continue
        if noun and (is_finite(low) or low in VERBS or low.endswith("ly") or _may_be_verb(low)):
            break
        noun.append(word)
        following = words[place + 1].lower() if place + 1 < len(words) else "."
        ends = not following[:1].isalpha() or following in STOP_WORDS | _PLACED or (_may_be_verb(following))
        if stem(low) in _PEOPLE_STEMS or ends:
            break
        if len(noun) - sum(one.endswith(("'s", "’s")) for one in noun) == 2:
            # What follows the noun was its verb, as in `the sea took them`.
            noun = noun[:-1]
            break
    if said and not noun:
        noun, said = [said[-1]], said[:-1]
    return tuple(said), tuple(noun)


def _proper_names(words: list[str]) -> Iterator[str]:
    """Names of people: large inside a sentence, or large at its beginning and followed by what a person does."""
    run: list[str] = []
    start = 0
    for at, word in enumerate([*words, "."]):
        low = word.lower()
        known = low in STOP_WORDS | _DETERMINERS or low in VERBS or stem(low) in _PEOPLE_STEMS
        if word[:1].isupper() and word[1:].islower() and not known:
            start = start if run else at
            run.append(word)
            continue
        if run:
            before = words[start - 1].lower() if start else "."
            opens = before in {".", "!", "?", "\n", ":", '"'}
            acts = low in VERBS or is_finite(word) or word in {",", "and"} or word.endswith("s")
            if (not opens or acts) and before not in _PLACED | {"of", "from", "to", "the", "a", "an"} and len(run) <= 3:
                yield " ".join(run)
        run = []


def _may_be_verb(word: str) -> bool:
    """Whether a word behind a noun is more likely what that does: `her light draws`, `the lake dries`."""
    return word.endswith("s") and not word.endswith(("ss", "'s", "’s")) and stem(word) not in _PEOPLE_STEMS


def _titled(phrase: str) -> str:
    return " ".join(capitalise(word) for word in phrase.split())
