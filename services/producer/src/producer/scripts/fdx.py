"""Final Draft's `.fdx`: XML whose `Content` holds typed paragraphs (https://www.finaldraft.com, since version 8).

There is no published schema. What is read here is what every version writes: `FinalDraft/Content/Paragraph@Type`, with
its words in `Text`, two speakers side by side in `DualDialogue`, and the title page in a `Content` of its own.
"""

from __future__ import annotations

from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from producer.errors import ScriptUnreadable
from producer.scripts.found import Found
from producer.scripts.screenplay import Paragraph, Part, scenes_of

_PARTS = {
    "Scene Heading": Part.HEADING,
    "Action": Part.ACTION,
    "General": Part.ACTION,
    "Character": Part.CHARACTER,
    "Dialogue": Part.DIALOGUE,
    "Parenthetical": Part.PARENTHETICAL,
    "Transition": Part.TRANSITION,
}
_BODY = ("FinalDraft", "Content")
_SIDE_BY_SIDE = (*_BODY, "Paragraph", "DualDialogue")
_TITLE_PAGE = ("FinalDraft", "TitlePage", "Content")


def read_fdx(data: bytes) -> Found:
    """The scenes of a Final Draft document. Raises `ScriptUnreadable`, also for one that declares entities."""
    reader = _Reader()
    try:
        defusedxml.sax.parseString(data, reader, forbid_dtd=True)
    except DefusedXmlException:
        said = (
            f"Line {reader.line}: it declares a document type or entities. Final Draft writes none, and none is read."
        )
        raise ScriptUnreadable(said, line=reader.line) from None
    except SAXParseException as error:
        line = error.getLineNumber() or 1
        raise ScriptUnreadable(f"Line {line}: it is no XML ({error.getMessage()}).", line=line) from None
    return scenes_of(reader.paragraphs, title=reader.title)


class _Reader(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[Paragraph] = []
        self.title = ""
        self._path: list[str] = []
        self._said: list[str] = []
        self._part = Part.OTHER
        self._began = 1
        self._locator: Any = None

    @property
    def line(self) -> int:
        """Where the reader is."""
        return (self._locator.getLineNumber() if self._locator else None) or 1

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        if not self._path and name != "FinalDraft":
            said = f"Line {self.line}: it is XML, but no Final Draft document; it begins with <{name[:40]}>."
            raise ScriptUnreadable(said, line=self.line)
        if name == "Paragraph" and self._is_at(_BODY, _SIDE_BY_SIDE, _TITLE_PAGE):
            self._part = _PARTS.get(attrs.get("Type", "Action"), Part.OTHER)
            self._said, self._began = [], self.line
        self._path.append(name)

    def characters(self, content: str) -> None:
        parents = tuple(self._path[:-2])
        if self._path[-2:] == ["Paragraph", "Text"] and parents in {_BODY, _SIDE_BY_SIDE, _TITLE_PAGE}:
            self._said.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        self._path.pop()
        if name != "Paragraph" or not self._is_at(_BODY, _SIDE_BY_SIDE, _TITLE_PAGE):
            return
        text = " ".join("".join(self._said).split())
        self._said = []
        if text and self._is_at(_TITLE_PAGE):
            # The first line of the title page is the title; what follows says who wrote it.
            self.title = self.title or text
        elif text:
            self.paragraphs.append(Paragraph(self._part, text, self._began))

    def _is_at(self, *places: tuple[str, ...]) -> bool:
        return tuple(self._path) in places
