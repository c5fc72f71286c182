"""What became of a role, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from loti_contracts.events import Role, RoleChanged, RoleClosed, RoleDiscovered, RoleReadvertised
from services.portal.jobs.cards import pay_in_words
from services.portal.web.words import count, day

_CLOSED: Final = {
    "expired": "its closing date passed",
    "withdrawn": "its own page says that it is closed",
    "gone": "it left its boards, and nothing tells why",
    None: "why is not known",
}
_UNTOLD: Final = frozenset(
    {"revision", "status", "closed_because", "closed_at", "confidence", "found_at", "source"}
)
"""Fields that a change's headline tells already, or that are ours rather than the advert's."""


class Then(Protocol):
    """What an event said: its type, the fields that it changed, when, and the role after it."""

    @property
    def type(self) -> str: ...
    @property
    def changed(self) -> Sequence[str]: ...
    @property
    def said_at(self) -> datetime: ...
    @property
    def role(self) -> Role: ...


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened to a role. `details` are sentences without a full stop."""

    at: datetime
    headline: str
    details: Sequence[str]


def told(history: Sequence[Then]) -> list[Told]:
    """What happened, newest first. `history` is oldest first, of one role; it may begin late."""
    found = []
    before: Role | None = None
    for then in history:
        found.append(Told(then.said_at, _headline(then), _details(before, then)))
        before = then.role
    return found[::-1]


def _headline(then: Then) -> str:
    if then.type == RoleDiscovered.type:
        return f"Found on {count(len(then.role.links), 'board')}" if len(then.role.links) > 1 else "Found"
    if then.type == RoleReadvertised.type:
        return "Found again: it says what an earlier, closed role said"
    if then.type == RoleClosed.type:
        return f"Closed: {_CLOSED[then.role.closed_because]}"
    if then.type == RoleChanged.type and "status" in then.changed and then.role.status == "open":
        return "Open again"
    return "The advert changed"


def _details(before: Role | None, then: Then) -> list[str]:
    names = [name for name in then.changed if name not in _UNTOLD and name in Role.model_fields]
    return [_detail(name, before, then.role) for name in names]


def _detail(name: str, before: Role | None, after: Role) -> str:
    label, new = _LABELS.get(name, name.replace("_", " ").capitalize()), _shown(name, after)
    old = _shown(name, before) if before else None
    if name == "links":
        return _links(before, after)
    if name in ("description", "why") or (new is None and old is None):
        return f"{label} changed"
    if before is None or old == new:
        return f"{label} changed" if new is None else f"{label} is now {new}"
    if old is None:
        return f"{label}: {new}, not given before"
    return f"{label}: {new or 'no longer given'}, before: {old}"


def _links(before: Role | None, after: Role) -> str:
    if before is None:
        return f"Shown on {count(len(after.links), 'board')}"
    more, fewer = len(set(after.links) - set(before.links)), len(set(before.links) - set(after.links))
    parts = [f"{count(more, 'more link')}" if more else "", f"{count(fewer, 'link')} fewer" if fewer else ""]
    return f"Adverts: {', '.join(filter(None, parts)) or 'in another order'}"


def _shown(name: str, role: Role) -> str | None:
    value: Any = getattr(role, name)
    if value is None or value == ():
        return None
    if name == "pay":
        return pay_in_words(role.pay)
    if name in ("posted_on", "closes_on"):
        return day(value)
    if name == "authorities":
        return ", ".join(one.name for one in role.authorities)
    if name == "standard_role" and role.standard_role:
        return role.standard_role.name
    return str(value)


_LABELS: Final = {
    "authorities": "Authority",
    "closes_on": "Closing date",
    "posted_on": "Posting date",
    "links": "Adverts",
    "standard_role": "Standard role",
    "why": "The reading of the advert",
    "readvertises": "Earlier role",
}
