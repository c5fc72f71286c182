"""Takes a person out of the dead letters of a service. The SQL is in `queries.sql`."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any, Final

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.forgetting import forgotten, marks, taken_back
from loti_contracts.events import Event
from loti_contracts.events.topics import CONTACTS

_queries = queries_beside(__file__)
REASON_GONE: Final = "The reason quoted somebody who is erased."
_SHORTEST: Final = 4
"""Characters from which on words that were taken out are looked for in the reason: shorter ones stand in any text."""


async def forget_letters(tx: Connection, contact_id: str, *texts: str | None) -> None:
    """Messages that were set aside: those of the contact itself, or with one of these texts (its name, its address) in
    them, go; one of something else that names its id stays without its words, which no reason quotes any more."""
    letters = _queries.letters_that_name(
        tx,
        contact_id=contact_id,
        ids=marks(contact_id),
        addresses=marks(*(form for text in texts if text for form in (text, text.casefold()))),
    )
    gone = []
    for letter in [row async for row in letters]:
        kept = None
        if letter["topic"] != CONTACTS.name and not letter["has_address"]:
            with contextlib.suppress(ValueError):
                kept = forgotten(letter["value"] or b"", contact_id)
        if kept is None:
            gone.append(letter["id"])
        else:
            await _save(tx, letter, kept)
    await _queries.drop_letters(tx, ids=gone)


async def take_back_in_letters(tx: Connection, event: Event) -> None:
    """Messages about the same thing that were set aside lose the words that this event takes back."""
    newest = event.model_dump_json()
    for letter in [row async for row in _queries.letters_of(tx, topic=event.topic, key=event.subject)]:
        with contextlib.suppress(ValueError):
            kept = taken_back((letter["value"] or b"").decode(), newest)
            if kept.encode() != letter["value"]:
                await _save(tx, letter, kept)


async def _save(tx: Connection, letter: Any, kept: str) -> None:
    quoted = _quoted(letter, kept)
    await _queries.save_letter(
        tx,
        id=letter["id"],
        value=kept.encode(),
        reason=REASON_GONE if quoted else letter["reason"],
        stack=None if quoted else letter["stack"],
    )


def _quoted(letter: Any, kept: str) -> bool:
    """Whether the reason or the stack quotes what was taken out."""
    said = f"{letter['reason']}{letter['stack'] or ''}"
    left = set(_texts(json.loads(kept)))
    return any(
        text in said
        for text in _texts(json.loads(letter["value"] or b"null"))
        if len(text) >= _SHORTEST and text not in left
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
