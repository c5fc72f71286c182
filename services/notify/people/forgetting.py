"""Forgetting: what a person wrote or what was said of it, taken out of what has to stay. Pure."""

import json
from typing import Any


def forgotten(text: str | bytes, contact_id: str) -> str:
    """JSON with matches in it, without the notes that this contact wrote, what was said of it as a supporter, and what was
    written of how its introduction went. Raises ValueError for what is no JSON."""
    return json.dumps(_without(json.loads(text), contact_id), ensure_ascii=False)


def without_note(state: str) -> str:
    """An outcome (JSON) without its note."""
    return json.dumps(json.loads(state) | {"note": None}, ensure_ascii=False)


def marks(*texts: str | None) -> list[bytes]:
    """How these texts may stand in the bytes of a message: as UTF-8, and as JSON escapes them."""
    known = {text for text in texts if text}
    return sorted({text.encode() for text in known} | {json.dumps(text)[1:-1].encode() for text in known})


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
        found |= {name: empty for name, empty in (("note", None), ("reasons", [])) if name in value}
    if (asks or helps) and isinstance(found.get("outcome"), dict):
        found["outcome"] |= {"note": None}
    return found
