"""Sample people who read their mail: where a mail asks them to confirm, they open the page and press its button."""

import asyncio
from collections.abc import Set as AbstractSet
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import httpx2

from loti_contracts.delivery.waiting import wait_for_any

_LOOK = 0.5


async def say_yes(mails: str, pages: str | None, own: AbstractSet[str], stopping: asyncio.Event) -> None:
    """Look into the mail catcher until `stopping`; say yes once to each mail to one of `own` that asks for it.

    `pages` is where the pages are reached from here; by default where the links say.
    """
    revision, done = "", set[str]()
    async with httpx2.AsyncClient(timeout=5) as client:
        while not await wait_for_any(stopping, timeout=_LOOK):
            try:
                now = (await client.get(urljoin(mails, "revision"))).raise_for_status().text
                if now == revision:
                    continue
                for mail in (await client.get(urljoin(mails, "mails.json"))).raise_for_status().json():
                    if mail["id"] in done or own.isdisjoint(mail["to"]):
                        continue
                    if link := _confirmation(mail):
                        await _confirm(client, link, pages)
                        done.add(mail["id"])
                revision = now
            except httpx2.HTTPError as error:
                print(f"waiting for mail or its pages: {type(error).__name__}", flush=True)  # noqa: T201 - the log


def _confirmation(mail: dict[str, Any]) -> str | None:
    """The link of a mail that asks for a yes."""
    words: list[str] = str(mail["text"]).split()
    return next((word for word in words if "/confirm/" in urlsplit(word).path), None)


async def _confirm(client: httpx2.AsyncClient, link: str, pages: str | None) -> None:
    parts = urlsplit(link)
    here = urlsplit(pages) if pages else parts
    headers = {"Host": parts.netloc}

    def reached(url: str) -> str:
        return urlsplit(url)._replace(scheme=here.scheme, netloc=here.netloc).geturl()

    page = (await client.get(reached(link), headers=headers)).raise_for_status()
    form = _Form()
    form.feed(page.text)
    if form.action is None:
        print("a page to confirm has no form: it was confirmed before", flush=True)  # noqa: T201 - the log
        return
    answer = await client.post(
        reached(urljoin(link, form.action or link)),
        content=urlencode(form.fields),
        headers=headers | {"Content-Type": "application/x-www-form-urlencoded"},
    )
    answer.raise_for_status()


class _Form(HTMLParser):
    """The first form of a page: where it goes, and what is in it already."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: list[tuple[str, str]] = []
        self._forms = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called by the parser."""
        given = dict(attrs)
        if tag == "form":
            self._forms += 1
            if self._forms == 1:
                self.action = given.get("action") or ""
        elif self._forms == 1 and given.get("name") and _is_sent(tag, given.get("type")):
            self.fields.append((str(given["name"]), given.get("value") or ""))


def _is_sent(tag: str, type_: str | None) -> bool:
    """Whether a press of the first button sends it."""
    return tag == "button" or (tag == "input" and type_ in ("hidden", "submit"))
