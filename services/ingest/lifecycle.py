"""The life of a role: discovered, changed, closed; decided from what is known and what the board says now.

A role is closed when its closing date has passed, or when it is missing from two complete and plausible
snapshots in a row. A snapshot that lost more than half of what was open is doubted: only when three in a row
say the same is it believed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from loti_contracts.events import Role, RoleChanged, RoleClosed, RoleDiscovered

MISSES_BEFORE_CLOSED = 2
DOUBTS_BEFORE_BELIEVED = 3
BELIEVABLE_LOSS = 0.5
SMALL_BOARD = 3
"""Up to this many open roles, losing them all is believable."""

_OURS = frozenset({"revision", "found_at"})

AboutRole = RoleDiscovered | RoleChanged | RoleClosed


@dataclass(frozen=True, slots=True)
class Known:
    """A role as it was last said, and how many complete snapshots in a row it was missing from."""

    role: Role
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one role. `event` is None where nothing is to be said."""

    role_id: str
    event: AboutRole | None
    missing: int
    why: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a snapshot says. `roles` are the digital ones by id, read as open, with revision 1 and the time of
    reading in `found_at`. `whole` is whether the board was read completely; `others` are the ids of postings
    that are on the board but not digital."""

    roles: Mapping[str, Role]
    others: frozenset[str]
    whole: bool


def doubtful(known: Mapping[str, Known], seen: Seen) -> bool:
    """Whether a whole snapshot lost so much at once that a fault of the board is likelier."""
    open_ = [id_ for id_, was in known.items() if was.role.status == "open"]
    newly = [
        id_ for id_ in open_ if id_ not in seen.roles and id_ not in seen.others and not known[id_].missing
    ]
    return seen.whole and len(open_) > SMALL_BOARD and len(newly) > len(open_) * BELIEVABLE_LOSS


def doubts_after(before: int, known: Mapping[str, Known], seen: Seen) -> int:
    """How many doubtful snapshots in a row there are with this one, after `before` of them. Counting starts anew
    once they were believed: what vanishes then was never doubted."""
    if not doubtful(known, seen):
        return 0
    return 1 if before >= DOUBTS_BEFORE_BELIEVED else before + 1


def decide(
    known: Mapping[str, Known], seen: Seen, *, doubts: int = 0, now: datetime, today: date
) -> list[Decision]:
    """What a snapshot means for every role that is known or seen.

    `doubts` counts the doubtful snapshots in a row with this one (see doubts_after); `today` is London's.
    """
    decisions = [_present(known.get(id_), role, today) for id_, role in seen.roles.items()]
    absent = {id_: was for id_, was in known.items() if id_ not in seen.roles}
    believable = seen.whole and (doubts == 0 or doubts >= DOUBTS_BEFORE_BELIEVED)
    for id_, was in absent.items():
        decisions.append(
            _absent(was, off_topic=id_ in seen.others, believable=believable, now=now, today=today)
        )
    return decisions


def expire(known: Mapping[str, Known], *, now: datetime, today: date) -> list[Decision]:
    """What the calendar alone closes, when the board could not be read or has not changed."""
    return [
        _closed(was, "expired", now, "its closing date has passed")
        for was in known.values()
        if was.role.status == "open" and _over(was.role, today)
    ]


def _present(was: Known | None, role: Role, today: date) -> Decision:
    if was is None:
        if _over(role, today):
            return Decision(role.id, None, 0, "it was over before it was found")
        return Decision(role.id, RoleDiscovered(role=role), 0, "it is new on the board")
    if was.role.status == "open" and _over(role, today):
        return _closed(was, "expired", role.found_at, "its closing date has passed", seen=role)
    if was.role.status == "closed" and _over(role, today):
        return Decision(role.id, None, 0, "it is closed, and still listed")
    now = _next(was.role, role)
    changed = differing(was.role, now)
    if not changed:
        return Decision(role.id, None, 0, "it is as it was")
    return Decision(role.id, RoleChanged(role=now, changed=changed), 0, f"changed: {', '.join(changed)}")


def _absent(was: Known, *, off_topic: bool, believable: bool, now: datetime, today: date) -> Decision:
    if was.role.status == "closed":
        return Decision(was.role.id, None, 0, "it is closed, and gone")
    if _over(was.role, today):
        return _closed(was, "expired", now, "its closing date has passed")
    if off_topic:
        return _closed(was, "withdrawn", now, "what is advertised there now is not a digital role")
    if not believable:
        return Decision(
            was.role.id, None, was.missing, "it is missing, but the board was not read believably"
        )
    missing = was.missing + 1
    if missing < MISSES_BEFORE_CLOSED:
        return Decision(was.role.id, None, missing, "it is missing for the first time")
    return _closed(was, "withdrawn", now, f"it is missing from {missing} complete readings in a row")


def _closed(was: Known, because: str, now: datetime, why: str, *, seen: Role | None = None) -> Decision:
    """Closed as it was last known; or as it is `seen`, where it is still listed."""
    before = was.role
    after = Role.model_validate(
        (seen or before).model_dump()
        | {
            "revision": before.revision + 1,
            "found_at": before.found_at,
            "status": "closed",
            "closed_because": because,
            "closed_at": now,
        }
    )
    return Decision(before.id, RoleClosed(role=after, changed=differing(before, after)), 0, why)


def _next(before: Role, seen: Role) -> Role:
    return seen.model_copy(update={"revision": before.revision + 1, "found_at": before.found_at})


def differing(before: Role, after: Role) -> tuple[str, ...]:
    """The fields that differ, apart from those that differ with every revision."""
    return tuple(
        name
        for name in Role.model_fields
        if name not in _OURS and getattr(before, name) != getattr(after, name)
    )


def _over(role: Role, today: date) -> bool:
    return role.closes_on is not None and role.closes_on < today
