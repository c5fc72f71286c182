"""Decisions: what becomes of one advert after a reading, or by the calendar, each with its reason."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from loti_contracts.events import Role, RoleChanged, RoleClosed, RoleDiscovered, RoleReadvertised

_OURS = frozenset({"revision", "found_at", "readvertises", "boards"})

AboutRole = RoleDiscovered | RoleReadvertised | RoleChanged | RoleClosed
What = Literal[
    "discovered",
    "readvertised",
    "joined",
    "parted",
    "changed",
    "closed",
    "left",
    "kept",
    "ignored",
    "as it was",
]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one role. `event` is None where nothing is to be said. `kept` is an open role that was not
    seen, `ignored` a posting that is no role (yet) or a closed one. `under` is the id that its key makes now, where
    that is new; `wording` and `former` as in Known. Of a role with several adverts one may have `joined` it, `left`
    it or `parted` from it to be a role of its own (see joining)."""

    role_id: str
    event: AboutRole | None
    missing: int
    why: str
    what: What
    under: str | None = None
    wording: str | None = None
    former: str | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """When it is decided: the moment, and the day it is in London."""

    now: datetime
    today: date


def differing(before: Role, after: Role) -> tuple[str, ...]:
    """The fields that differ, apart from those that differ with every revision."""
    return tuple(
        name
        for name in Role.model_fields
        if name not in _OURS and getattr(before, name) != getattr(after, name)
    )
