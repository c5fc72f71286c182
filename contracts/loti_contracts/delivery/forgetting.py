"""Forgetting: what a person wrote, or what was said of it, taken out of what has to stay. Pure.

States name people by their contact's id alone. What else is the person's own is what it wrote in its own words: the fields
of WORDS in whatever names it as the one who asks, offers, helps or reviews.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from loti_contracts.events import EVENTS, Content, Erasure, Event
from loti_contracts.events.matches import OutcomeInBrief

WORDS: Final[Mapping[str, Any]] = {
    "note": None,
    "why": None,
    "reasons": [],
    "evidence": [],
    "departments": [],
    "ratings": [],
}
"""The fields that hold words of the person that a thing names, and what stands there when they are gone."""
OFFER_GONE: Final[Mapping[str, Any]] = {"title": "Withdrawn", "summary": ""}
"""What stands in the place of an offer to the library."""

_HALF: Final = re.compile("[\ud800-\udfff]")

SWEEP: Final = "loti-sweep-"
"""So begin ids of no contact: tombstones for them make the broker begin new segments, so that it compacts the last."""


def is_sweep(contact_id: str) -> bool:
    """Whether that is the id of a sweep, and of no contact."""
    return contact_id.startswith(SWEEP)


@cache
def names_people(topic: str) -> bool:
    """Whether what is said on that topic names people, if only by id, or holds their words."""
    said = [event for event in EVENTS.values() if event.topic == topic]
    return any(
        issubclass(event, Erasure)
        or not {"contact_id", "requester_contact_id", "note"}.isdisjoint(_fields(event))
        for event in said
    )


def forgotten(text: str | bytes, contact_id: str) -> str:
    """JSON with states in it, without the words of this contact, what was said of it as a supporter, and what was
    written of how its introduction went. Raises ValueError for what is no JSON."""
    return _as_json(_without(json.loads(text), contact_id))


def takes_back(event: Event) -> bool:
    """Whether an event does nothing but take words back: whatever it changed, beside the status, is empty now."""
    state = event.state
    told = [name for name in event.changed if name not in ("status", "stated_at")]
    if not all(name in type(state).model_fields for name in told):
        return False  # a field of a newer version than ours
    facts = {name: getattr(state, name) for name in told}
    empty = {name for name, value in facts.items() if _is_empty(value)}
    return bool(empty & {*WORDS, "content", "outcome"}) and set(facts) - empty <= {"why"}


def taken_back(before: str, now: str) -> str:
    """An older state or event (JSON) without the words that a newer one of the same thing does not have any more.

    The same text where nothing was taken back."""
    was = json.loads(before)
    left = _as_little(was, json.loads(now))
    return before if left == was else _as_json(left)


def marks(*texts: str | None) -> list[bytes]:
    """How these texts may stand in the bytes of a message: as UTF-8, and as JSON escapes them."""
    known = {text for text in texts if text}
    return sorted({text.encode() for text in known} | {json.dumps(text)[1:-1].encode() for text in known})


def _as_json(value: Any) -> str:
    """Readable; where it has half a character, which no encoding holds (a damaged message may), with escapes instead."""
    text = json.dumps(value, ensure_ascii=False)
    return text if _HALF.search(text) is None else json.dumps(value)


def _without(value: Any, contact_id: str) -> Any:
    if isinstance(value, list):
        return [_without(one, contact_id) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: _without(one, contact_id) for name, one in value.items()}
    accepted = value.get("accepted")
    helps = isinstance(accepted, dict) and accepted.get("contact_id") == contact_id
    asks = contact_id in (value.get("requester_contact_id"), value.get("contact_id"))
    if asks:
        found |= {name: empty for name, empty in WORDS.items() if name in value}
        if isinstance(value.get("content"), dict) and "item_id" in value:
            found["content"] = dict(OFFER_GONE)
    if (asks or helps) and isinstance(found.get("outcome"), dict):
        found["outcome"] |= {"note": None}
    return found


def _fields(event: type[Event]) -> frozenset[str]:
    return frozenset(event.model_fields[event.about].annotation.model_fields)  # type: ignore[union-attr]


def _is_empty(value: Any) -> bool:
    if isinstance(value, Content):
        return value.title == OFFER_GONE["title"] and not value.summary
    return value.note is None if isinstance(value, OutcomeInBrief) else not value


def _as_little(was: Any, now: Any) -> Any:
    if not isinstance(was, dict) or not isinstance(now, dict):
        return was
    if "summary" in was and now.get("title") == OFFER_GONE["title"] and not now.get("summary"):
        return now
    found = {}
    for name, value in was.items():
        gone = name in WORDS and name in now and now[name] in (None, []) and value not in (None, [])
        found[name] = WORDS[name] if gone else _as_little(value, now.get(name))
    return found
