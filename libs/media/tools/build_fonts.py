"""Make the fonts of `media/fonts/` from the npm packages they come from.

    npm install @fontsource/anton @fontsource-variable/{inter,fraunces,bricolage-grotesque,space-grotesk} \
                @fontsource/noto-sans-{hebrew,arabic}
    pip install fonttools brotli
    python libs/media/tools/build_fonts.py NODE_MODULES

Each face is one static TrueType file: its subsets are pinned to one weight and merged. All three kinds of vertical
metrics are made equal, so that libass, browsers and our own measuring agree on where a line sits. Look-alikes of
backslash and braces are mapped to the real glyphs: ASS has no dependable escape for these, `media.ass.escape` writes
the look-alike instead. Run by hand when a face changes; nothing else needs it.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

OUT = Path(__file__).parents[1] / "src" / "media" / "fonts"
LATIN = ("latin", "latin-ext", "vietnamese")
WIDE = (*LATIN, "cyrillic", "greek")
LOOK_ALIKES = {0x29F5: 0x5C, 0x2774: 0x7B, 0x2775: 0x7D}


@dataclass(frozen=True)
class Face:
    """Where a face comes from and what it is called. `family` is the name libass is asked for."""

    family: str
    package: str
    pattern: str
    subsets: tuple[str, ...]
    axes: dict[str, float]
    tracking: float = 0.0
    """Added to every advance, as a share of the em: libass cannot track text and kern it at the same time."""


FACES = (
    Face(
        "Inter Display Black",
        "@fontsource-variable/inter",
        "inter-{}-opsz-normal",
        WIDE,
        {"opsz": 32, "wght": 900},
        -0.018,
    ),
    Face(
        "Inter Display Bold",
        "@fontsource-variable/inter",
        "inter-{}-opsz-normal",
        WIDE,
        {"opsz": 32, "wght": 760},
        -0.012,
    ),
    Face("Inter SemiBold", "@fontsource-variable/inter", "inter-{}-opsz-normal", WIDE, {"opsz": 14, "wght": 600}),
    Face("Inter Medium", "@fontsource-variable/inter", "inter-{}-opsz-normal", WIDE, {"opsz": 14, "wght": 500}),
    Face("Anton", "@fontsource/anton", "anton-{}-400-normal", LATIN, {}),
    Face(
        "Fraunces Display",
        "@fontsource-variable/fraunces",
        "fraunces-{}-full-normal",
        LATIN,
        {"opsz": 120, "wght": 640, "SOFT": 60, "WONK": 0},
    ),
    Face(
        "Bricolage Display",
        "@fontsource-variable/bricolage-grotesque",
        "bricolage-grotesque-{}-opsz-normal",
        LATIN,
        {"opsz": 60, "wght": 800},
        -0.012,
    ),
    Face(
        "Space Grotesk Bold",
        "@fontsource-variable/space-grotesk",
        "space-grotesk-{}-wght-normal",
        LATIN,
        {"wght": 700},
        -0.02,
    ),
    Face(
        "Noto Sans Hebrew Bold",
        "@fontsource/noto-sans-hebrew",
        "noto-sans-hebrew-{}-700-normal",
        ("latin", "hebrew"),
        {},
    ),
    Face(
        "Noto Sans Arabic Bold",
        "@fontsource/noto-sans-arabic",
        "noto-sans-arabic-{}-700-normal",
        ("latin", "arabic"),
        {},
    ),
)


def static_subset(source: Path, axes: dict[str, float], to: Path) -> None:
    """Write one subset as a static TrueType file."""
    font = TTFont(source)
    font.flavor = None
    if "fvar" in font:
        instantiateVariableFont(font, axes, inplace=True, overlap=True)
    for table in ("STAT", "DSIG", "meta"):
        if table in font:
            del font[table]
    font.save(to)


def rename(font: TTFont, family: str) -> None:
    """Give the face a family of its own, regular weight: libass then never thickens or slants it."""
    names = font["name"]
    copyright_notice, licence = names.getDebugName(0), names.getDebugName(13)
    names.names = []
    postscript = family.replace(" ", "")
    texts = {0: copyright_notice, 1: family, 2: "Regular", 3: f"Greenlight;{postscript}", 4: family, 6: postscript}
    for name_id, text in {**texts, 13: licence, 14: "https://openfontlicense.org"}.items():
        if text:
            names.setName(text, name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 400
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b100001) | 0b1000000
    font["head"].macStyle = 0


def level_metrics(font: TTFont) -> None:
    """One ascent and one descent, from the horizontal header, in every place a renderer may look."""
    ascent, descent = font["hhea"].ascent, -font["hhea"].descent
    os2, hhea = font["OS/2"], font["hhea"]
    os2.usWinAscent, os2.usWinDescent = ascent, descent
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap, hhea.lineGap = ascent, -descent, 0, 0


def track(font: TTFont, share: float) -> None:
    """Set the letters tighter or looser; marks, which have no advance, stay."""
    change = round(share * font["head"].unitsPerEm)
    metrics = font["hmtx"].metrics
    for glyph, (advance, bearing) in metrics.items():
        if advance:
            metrics[glyph] = (advance + change, bearing)


def map_look_alikes(font: TTFont) -> None:
    """Point the stand-ins for backslash and braces at the real glyphs."""
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.update({ours: table.cmap[real] for ours, real in LOOK_ALIKES.items() if real in table.cmap})


def build(face: Face, node_modules: Path) -> Path:
    """Write one face and its licence; a repeat writes the same bytes."""
    package = node_modules / face.package
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for subset in face.subsets:
            part = Path(folder) / f"{subset}.ttf"
            static_subset(package / "files" / f"{face.pattern.format(subset)}.woff2", face.axes, part)
            parts.append(part)
        font = Merger().merge([str(part) for part in parts])
    rename(font, face.family)
    level_metrics(font)
    map_look_alikes(font)
    track(font, face.tracking)
    font["head"].created = font["head"].modified = 3_786_912_000
    font.recalcTimestamp = False
    path = OUT / f"{face.family.replace(' ', '')}.ttf"
    font.save(path)
    licence = OUT / f"OFL-{face.package.split('/')[1]}.txt"
    licence.write_text((package / "LICENSE").read_text())
    return path


if __name__ == "__main__":
    for wanted in FACES:
        made = build(wanted, Path(sys.argv[1]))
        sys.stdout.write(f"{made.name} {made.stat().st_size}\n")
