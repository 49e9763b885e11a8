"""A screenplay as Fountain: what programs read is what was approved, and nothing in it is taken for markup."""

from __future__ import annotations

from common.contracts.screenplay import Act, CharacterProfile, Part, Scene, Screenplay
from ideation.fountain import file_name, fountain, plain_text

SCENE = Scene(heading="Ext. beach - day", beats=("The sea leaves.", "ADA", "> CUT TO:"), characters=("Ada",))
STRANGE = Scene(heading="the harbour\n# ACT FOUR", beats=("*Never* mind [[this]] or_that.",))
FILM = Screenplay(
    title="Low water\n\nINT. ELSEWHERE",
    logline="Ada follows the sea.",
    genre="drama",
    minutes=12,
    acts=tuple(Act(title=name, purpose="It turns.", scenes=(SCENE, STRANGE)) for name in ("One", "Two", "Three")),
    characters=(Part(name="Ada", role="protagonist", description="A child ]] of the coast."),),
)
ADA = CharacterProfile(
    name="Ada",
    role="protagonist",
    backstory="She grew up inland.",
    motivation="To see the sea.",
    traits=("patient", "stubborn"),
    arc="She learns to wait.",
)


def test_what_people_wrote_is_action_and_nothing_else() -> None:
    lines = fountain(FILM, credit="Outline, as approved").splitlines()
    assert lines[:3] == [
        "Title: Low water INT. ELSEWHERE",
        "Credit: Outline, as approved",
        "Notes: drama, 12 minutes. Ada follows the sea.",
    ]
    body = [line for line in lines[3:] if line]
    assert [line for line in body if line.startswith("#")] == [
        "# Characters", "# Act One: One", "# Act Two: Two", "# Act Three: Three",
    ]  # fmt: skip
    assert body[1] == "[[Ada (protagonist): A child ] ] of the coast.]]"
    assert body[3:9] == [
        "= It turns.",
        "EXT. BEACH - DAY",
        "!The sea leaves.",
        "!ADA",
        "!> CUT TO:",
        ".THE HARBOUR # ACT FOUR",
    ]
    assert body[9] == r"!\*Never\* mind \[\[this\]\] or\_that."
    assert fountain(FILM, credit="x") == fountain(FILM, credit="x")


def test_people_read_all_of_it_in_order() -> None:
    text = plain_text(FILM, characters=(ADA,), credit="As approved")
    places = [
        text.index(said)
        for said in ("Ada follows", "Ada (prot", "She grew", "patient, stubborn", "ACT ONE", "EXT. BEACH")
    ]
    assert places == sorted(places)
    assert "She grew up inland." in fountain(FILM, characters=(ADA,), credit="As approved")


def test_a_file_is_named_after_the_title() -> None:
    assert file_name(FILM, "fountain") == "low-water-int-elsewhere.fountain"
    assert file_name(FILM.model_copy(update={"title": "../…"}), "txt") == "screenplay.txt"
