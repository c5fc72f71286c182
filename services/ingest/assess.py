"""Assessing a snapshot: whose postings it shows, how far it is to be believed, and what to look at before deciding."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from loti_contracts.events import Role
from services.ingest.guard import Verdict, judge
from services.ingest.identity import Known, Resolved, Seen, resolve

MISSES_BEFORE_CLOSED: Final = 2


@dataclass(frozen=True, slots=True)
class Assessment:
    """A snapshot as it is to be judged: by the roles' own ids, with the verdict on it."""

    resolved: Resolved
    verdict: Verdict

    @property
    def seen(self) -> Seen:
        """The snapshot, by the roles' own ids."""
        return self.resolved.seen


def assess(
    known: Mapping[str, Known], seen: Seen, *, recent: Collection[int] = (), doubts: int = 0, today: date
) -> Assessment:
    """Find out whose postings a snapshot shows, and how far it is to be believed. `recent` and `doubts` are those of
    the verdict before."""
    resolved = resolve(known, seen)
    open_ = _open(known, today)
    vanished = [id_ for id_ in _absent_from(resolved.seen, open_) if not known[id_].missing]
    verdict = judge(
        whole=seen.whole,
        postings=seen.postings,
        vanished=len(vanished),
        open_roles=len(open_),
        recent=tuple(recent),
        doubts=doubts,
    )
    return Assessment(resolved, verdict)


def to_look_at(known: Mapping[str, Known], found: Assessment, *, today: date) -> list[str]:
    """The roles whose own pages should be looked at before it is decided; those missing longest come first."""
    if not found.verdict.whole:
        return []
    gone = _absent_from(found.seen, _open(known, today))
    last_step = [
        id_ for id_ in gone if not found.verdict.believed or known[id_].missing + 1 >= MISSES_BEFORE_CLOSED
    ]
    return sorted(last_step, key=lambda id_: (-known[id_].missing, id_))


def over(role: Role, today: date) -> bool:
    """Whether its closing date has passed; the last day counts."""
    return role.closes_on is not None and role.closes_on < today


def _open(known: Mapping[str, Known], today: date) -> list[str]:
    return [id_ for id_, was in known.items() if was.role.status == "open" and not over(was.role, today)]


def _absent_from(seen: Seen, ids: Collection[str]) -> list[str]:
    return [id_ for id_ in ids if id_ not in seen.roles and id_ not in seen.others]
