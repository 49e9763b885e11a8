"""What words say of a quantity: whether it rose or fell, and which part of a whole it is."""

from __future__ import annotations

import re
from enum import StrEnum


class Trend(StrEnum):
    """Which way something went."""

    UP = "up"
    DOWN = "down"


_SHARE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|٪|per\s?cent\b|prozent\b|pour cent\b|por ciento\b)", re.I)
_UP = (
    r"rose|ris(?:es?|en|ing)|gr(?:ew|ows?|own|owing|owth)|increas\w+|gain(?:s|ed)?|climb\w*|jump(?:s|ed)?|doubl\w+|"
    r"tripl\w+|surg\w+|soar\w*|went up|go(?:es)? up|up|higher|compound|earn(?:s|ed)?|more money|"
    r"stieg\w*|steigt|steigen|wuchs|wächst"
)
_DOWN = (
    r"f[ae]ll(?:s|en|ing)?|drop(?:s|ped)?|declin\w+|decreas\w+|shr[aiu]nk\w*|los(?:t|es?|ing|s|ses)|went down|down|"
    r"lower(?:s|ed)?|s[aiu]nk(?:s)?|halv\w+|slump\w*|plung\w+|cut(?:s)?|fewer|fiel(?:en)?|fällt|sank\w*|sinkt|schrumpf\w*"
)
_TREND = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.I)


def share_in(text: str) -> float | None:
    """The share of a whole that a text gives, such as `33 %` or `33 percent`, at most 1; None if it gives none."""
    found = _SHARE.search(text)
    return min(1.0, float(found.group(1).replace(",", ".")) / 100) if found else None


def trend_of(text: str) -> Trend | None:
    """Which way the first thing went of which the text says that it rose or fell; None where it says neither."""
    found = _TREND.search(text)
    return None if found is None else Trend.UP if found["up"] else Trend.DOWN
