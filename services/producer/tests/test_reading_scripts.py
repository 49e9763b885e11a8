"""Finished scripts from files: what is spoken is found, what is not is said, and a bad file is told by its line."""

from __future__ import annotations

import pytest
from common.contracts.scripts import FinishedScript
from producer.errors import ScriptTooLong, ScriptUnreadable
from producer.planning import Timing, follow_script
from producer.scripts.reading import ReadScript, read_script
from vendors.text_model.staging import restaged, staged

FDX = b"""<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<FinalDraft DocumentType="Script" Template="No" Version="5">
  <Content>
    <Paragraph Number="1" Type="Scene Heading">
      <SceneProperties Length="1/8"><Summary><Paragraph><Text>A summary.</Text></Paragraph></Summary></SceneProperties>
      <Text>INT. KITCHEN - DAY</Text></Paragraph>
    <Paragraph Type="Action"><Text>Honey drips.</Text></Paragraph>
    <Paragraph Type="Character"><Text>NARRATOR</Text></Paragraph>
    <Paragraph Type="Dialogue"><Text>Honey never </Text><Text Style="Bold">spoils</Text><Text>.</Text>
      <ScriptNote><Paragraph><Text>Is that so?</Text></Paragraph></ScriptNote></Paragraph>
    <Paragraph Type="Scene Heading"><Text>EXT. TOMB</Text></Paragraph>
    <Paragraph><DualDialogue><Paragraph Type="Dialogue"><Text>Not after 3000 years.</Text></Paragraph></DualDialogue>
    </Paragraph>
    <Paragraph Type="Scene Heading"><Text>EXT. DESERT</Text></Paragraph>
  </Content>
  <TitlePage><Content><Paragraph/><Paragraph><Text>Honey</Text></Paragraph><Paragraph><Text>by Ada</Text></Paragraph>
  </Content></TitlePage>
</FinalDraft>"""
FOUNTAIN = """\
Title:
    _**Honey**_
Author: Ada

FADE IN:

INT. KITCHEN - DAY #1#

Honey drips. [[is that so,
really?]]

NARRATOR (V.O.)
(softly)
Honey *never* spoils.
{two_spaces}
Not ever\\*.

> CUT TO:

.A TOMB

@McAda
Still good
after 3000 years.

= Somebody finds it.
/* cut
this */
""".format(two_spaces="  ")
TABLE = (
    'Scene;Text;Duration;Camera\r\nOne;"Honey; ""never""\r\nspoils.";4,5;wide\r\n;;;\r\n'
    "Two;It is dry.;0:03;\r\nThree;;3;\r\n"
)


def read(text: str | bytes, name: str) -> ReadScript:
    return read_script(text.encode() if isinstance(text, str) else text, name)


def spoken(found: ReadScript) -> list[str]:
    return [scene.text for scene in found.script.scenes]


def lost(found: ReadScript) -> list[tuple[int, str, str]]:
    return [(one.line, one.what, one.text) for one in found.left_out]


@pytest.mark.feature("F85")
def test_final_draft() -> None:
    found = read(FDX, "Honey.FDX")
    assert found.script.title == "Honey"
    assert spoken(found) == ["Honey never spoils.", "Not after 3000 years."]
    assert [scene.heading for scene in found.script.scenes] == ["INT. KITCHEN - DAY", "EXT. TOMB"]
    assert lost(found) == [
        (7, "action", "Honey drips."), (8, "name", "NARRATOR"), (14, "scene without words", "EXT. DESERT"),
    ]  # fmt: skip


@pytest.mark.feature("F85")
def test_fountain() -> None:
    found = read(FOUNTAIN, "honey.fountain")
    assert found.script.title == "Honey"
    assert spoken(found) == ["Honey never spoils. Not ever*.", "Still good after 3000 years."]
    assert [scene.heading for scene in found.script.scenes] == ["INT. KITCHEN - DAY", "A TOMB"]
    assert lost(found) == [
        (5, "transition", "FADE IN:"), (9, "note", "[[is that so, really?]]"), (9, "action", "Honey drips."),
        (12, "name", "NARRATOR"), (13, "parenthetical", "(softly)"), (18, "transition", "CUT TO:"),
        (22, "name", "McAda"), (26, "other", "Somebody finds it."), (27, "note", "/* cut this */"),
    ]  # fmt: skip


def test_of_a_screenplay_in_which_nobody_speaks_the_action_is_heard() -> None:
    found = read("EXT. BEACH - DAY\n\nThe sea leaves.\n\nIt comes back.\n\nEXT. PIER\n\n!ADA\nwaits.\n", "a.fountain")
    assert spoken(found) == ["The sea leaves. It comes back.", "ADA waits."]
    assert spoken(read("The sea leaves.\n\nIt comes back.", "a.spmd")) == ["The sea leaves.", "It comes back."]


@pytest.mark.feature("F85")
def test_a_table() -> None:
    found = read(TABLE, "honey.csv")
    assert spoken(found) == ['Honey; "never" spoils.', "It is dry."]
    assert [(scene.heading, scene.seconds) for scene in found.script.scenes] == [("One", 4.5), ("Two", 3.0)]
    assert lost(found) == [(1, "column", "Camera"), (6, "row without text", "Three 3")]
    assert found.seconds == 7.5


@pytest.mark.feature("F85")
def test_plain_text_by_paragraphs_or_by_lines() -> None:
    assert spoken(read("\ufeffHoney\nnever spoils.\n\n \nIt is dry.\n", "a.txt")) == [
        "Honey never spoils.",
        "It is dry.",
    ]
    assert spoken(read("Honey never spoils.\r\nIt is dry.\r\n", "a.txt")) == ["Honey never spoils.", "It is dry."]
    assert spoken(read("Müde\nMöwen".encode("utf-16"), "a.txt")) == ["Müde", "Möwen"]


@pytest.mark.parametrize(
    ("name", "data", "line", "says"),
    [
        ("a.doc", b"Hello.", None, "end in .fdx, .fountain"),
        ("txt", b"Hello.", None, "end in .fdx"),
        ("a.txt", b"", 1, "nothing in it that could be spoken"),
        ("a.txt", b"Hello.\nCaf\xe9.", 2, "byte 0xe9 is no UTF-8"),
        ("a.txt", b"\xff\xfeH", 1, "no UTF-16"),
        ("a.txt", b"Hello.\nHel\x00lo.", 2, "which no text has"),
        ("a.txt", b"short\n\n" + b"word " * 200, 3, "scene 2 says 999 characters"),
        ("a.txt", b"Hello there.\n" * 61, 61, "a film has at most 60"),
        ("a.csv", b"scene,words\n1,Hello.", 1, "no column holds what is spoken"),
        ("a.csv", b"text,narration\na,b", 1, "two columns hold the text"),
        ("a.csv", b"text\nHello, there.", 2, "has 2 values"),
        ("a.csv", b'text\n"Hello.', 2, "no CSV"),
        ("a.csv", b"text,duration\nHello.,four", 2, "'four' is no duration"),
        ("a.csv", b"text,duration\nHello.,0", 2, "more than 0 and at most 60 seconds"),
        ("a.fdx", b"", 1, "no XML"),
        ("a.fdx", b"<FinalDraft>\n<Content></FinalDraft>", 2, "no XML"),
        ("a.fdx", b"<html/>", 1, "begins with <html>"),
        ("a.fdx", b"<FinalDraft/>", 1, "nothing in it that could be spoken"),
    ],
)
def test_a_bad_file_is_told_by_its_line(name: str, data: bytes, line: int | None, says: str) -> None:
    with pytest.raises(ScriptUnreadable) as caught:
        read_script(data, name)
    assert says in caught.value.detail
    assert caught.value.extra.get("line") == line
    assert line is None or caught.value.detail.startswith(f"Line {line}")


def test_entities_are_read_by_nobody() -> None:
    bomb = (
        b'<?xml version="1.0"?>\n<!DOCTYPE z [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<FinalDraft>&b;</FinalDraft>'
    )
    for data in (bomb, b'<!DOCTYPE z SYSTEM "file:///etc/passwd">\n<FinalDraft/>'):
        with pytest.raises(ScriptUnreadable, match="declares a document type or entities"):
            read_script(data, "a.fdx")


def test_a_script_for_more_than_three_minutes_is_refused() -> None:
    with pytest.raises(ScriptTooLong, match="about 318 seconds; 180 are the most"):
        read_script((b"word " * 60).strip() + b"\n" + b"\n".join([b"word " * 60] * 12), "a.txt")


def test_what_somebody_wrote_is_said_as_it_is_and_nothing_is_added() -> None:
    said = ["The sea, twice a day.", "Tides move 12 metres of water in some bays.", "“Wait”, she said.", "Look"]
    script = staged(FinishedScript.model_validate({"title": "Tides", "scenes": [{"text": text} for text in said]}))
    assert [beat.narration for beat in script.beats] == said
    assert [beat.kind.value for beat in script.beats] == ["hook", "number", "quote", "close"]
    assert script.beats[0].headline == "Tides"
    assert not any(beat.kicker or beat.detail for beat in script.beats)
    number = script.beats[1].model_copy(update={"narration": "Some bays move 14 metres.", "headline": ""})
    edited = restaged(script.model_copy(update={"beats": (script.beats[0], number, *script.beats[2:])}))
    assert (edited.beats[0], edited.beats[2:]) == (script.beats[0], script.beats[2:])
    assert edited.beats[1].figure
    assert edited.beats[1].figure.value.startswith("14")
    assert "12" not in edited.beats[1].headline
    short = FinishedScript.model_validate({"scenes": [{"text": "Honey never spoils."}, {"text": "Why not?"}]})
    assert [beat.headline for beat in staged(short).beats] == ["Honey never spoils", "Why not?"]
    shown = FinishedScript.model_validate({"scenes": [{"text": "Zwei Worte.", "headline": "Genau zwei"}]})
    assert [(one.headline, one.kind.value) for one in staged(shown).beats] == [("Genau zwei", "hook")]


def test_lengths_that_are_said_are_kept_and_words_are_never_cut() -> None:
    timing = Timing()
    plan = follow_script([2000, 1000, 5000], [4.0, 3.5, 2.0], timing=timing)
    starts = [shot.start_frame for shot in plan.shots]
    assert starts[:2] == [0, 120]
    assert starts[2] == 225
    for shot, is_last in zip(plan.shots, (False, False, True), strict=True):
        room_ms = (shot.frames - (0 if is_last else timing.transition_frames)) * 1000 // timing.fps
        assert shot.voice_start_ms + shot.speech_ms <= room_ms
    assert follow_script([2000, 3000], [4.0, 6.0]).total_ms == 10_000
    easy = follow_script([2000, 3000], [None, None])
    assert (easy.kept, easy.pace) == ((0, 1), 1.0)
    assert 5500 < easy.total_ms < 7500
