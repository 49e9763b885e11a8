"""A browser without a screen: it keeps cookies, goes on where a page says so, and sends the forms that a page has."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx


@dataclass
class Form:
    """A form of a page: where it goes, and what it sends if nobody types anything."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


_TO_TICK = frozenset({"radio", "checkbox"})


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._open = Form(given.get("action") or "")
            self.forms.append(self._open)
        elif self._open is not None and (name := given.get("name")) and _is_sent(tag, given):
            self._open.fields[name] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def _is_sent(tag: str, given: dict[str, str | None]) -> bool:
    return tag == "textarea" or (tag == "input" and (given.get("type") not in _TO_TICK or "checked" in given))


class Browser:
    """One browser of one person. It has been nowhere yet."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.page: httpx.Response | None = None

    async def go(self, address: str) -> httpx.Response:
        """The page at an address, after every "go on at once" that a page says."""
        answer = await self.client.get(address, follow_redirects=True)
        while found := re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text):
            answer = await self.client.get(found[1], follow_redirects=True)
        self.page = answer
        return answer

    def forms(self, ending: str) -> list[Form]:
        """The forms of the present page that go to an address with this ending."""
        reader = _Forms()
        reader.feed(self.page.text if self.page is not None else "")
        return [form for form in reader.forms if form.action.endswith(ending)]

    async def submit(self, ending: str, **typed: str | list[str]) -> httpx.Response:
        """Fill in a form of the present page and send it. Of several, the first that has all typed hidden values.

        The present page stays: sending it again is pressing twice.
        """
        return await self.send(self.form(ending, **typed), **typed)

    def form(self, ending: str, **typed: str | list[str]) -> Form:
        """The form that `submit` would send. Raises `LookupError`."""
        fitting = [
            form
            for form in self.forms(ending)
            if form.fields.get("decision", typed.get("decision")) == typed.get("decision")
        ]
        if not fitting:
            raise LookupError(f"the page has no form {ending!r}")
        return fitting[0]

    async def send(self, form: Form, **typed: str | list[str]) -> httpx.Response:
        """Send a form, and go where the answer leads. A list: the boxes of one name that are ticked."""
        return await self.client.post(form.action, data={**form.fields, **typed}, follow_redirects=True)
