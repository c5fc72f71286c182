"""Which role a posting is: the one of its key; one that was given another key; or the return of a closed one.

Boards give an advert a new key when they change their software, or for no reason, and say a vacancy again when
nobody suitable applied. Title, employer and text tell both; dates within the text do not count.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from loti_contracts.events import Role

READVERTISED_WITHIN: Final = timedelta(days=365)

NOT_KNOWN: Final = ""
"""The wording of an advert that is known from its role alone, or was until it was read again."""

_DATES: Final = re.compile(
    r"\b(?:\d{1,4}(?:st|nd|rd|th)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)\b"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A role as it was last said.

    `missing`: how many believed readings in a row it was missing from. `alias`: the id that its present key on the
    board makes, where that is not its own. `wording`: its advert as printed, where the closing date it was read
    with depends on the day of reading. `former`: the link it had before the present one.
    """

    role: Role
    missing: int = 0
    alias: str | None = None
    wording: str | None = None
    former: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a snapshot says. `roles` are the digital ones by id, read as open, with revision 1 and the time of
    reading in `found_at`. `whole` is whether the board was read completely; `others` are the ids of postings
    that are on the board but not digital. `wordings`, by id: adverts whose closing date was read without a year."""

    roles: Mapping[str, Role]
    others: frozenset[str]
    whole: bool
    wordings: Mapping[str, str] = field(default_factory=dict)

    @property
    def postings(self) -> int:
        """How many are on the board, digital or not."""
        return len(self.roles) + len(self.others)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A snapshot by the roles' own ids. `under`: the id that its posting's key makes, for roles whose key is new, or
    its own again; `waiting`: postings that may be a role that was not seen, id → that role's id."""

    seen: Seen
    under: Mapping[str, str]
    waiting: Mapping[str, str]


def likeness(role: Role) -> str | None:
    """The same for roles of the same title, employer and text, dates within the text aside; the advert's pay and
    place stand in for a text that is not there. None where there is too little to tell by."""
    return _likeness(
        role.title,
        role.employer or "",
        role.description or "",
        f"{role.pay.text if role.pay else ''} {role.location or ''}",
    )


@lru_cache(maxsize=20_000)
def _likeness(title: str, employer: str, description: str, instead: str) -> str | None:
    named, text = _words(title), _words(_DATES.sub(" ", description.casefold())) or _words(instead)
    if not text or not named:
        return None
    return hashlib.sha256("\n".join((named, _words(employer), text)).encode()).hexdigest()


def resolve(known: Mapping[str, Known], seen: Seen) -> Resolved:
    """Give every posting its role's id. A new key is that of an open role when their likeness is the same and the
    role is nowhere on a board that was read completely; on one that was not, the posting waits. Of several such roles
    it is the one of the same closing date, and then the one that was missing least: another may have gone."""
    aliases = {was.alias: id_ for id_, was in known.items() if was.alias and was.alias != id_}
    present = {id_ for id_ in (*seen.roles, *seen.others) if id_ in known}
    roles = {id_: role for id_, role in seen.roles.items() if id_ in known}
    others = {aliases.get(id_, id_) if aliases.get(id_) not in present else id_ for id_ in seen.others}
    absent: dict[str, list[str]] = defaultdict(list)
    unknown: list[str] = []
    named: dict[str, str] = {}
    under: dict[str, str] = {}
    for id_ in seen.roles:
        own = aliases.get(id_)
        if id_ in known:
            continue
        if own is None:
            unknown.append(id_)
        elif own not in seen.roles:
            roles[own], named[id_] = _as(own, seen.roles[id_]), own
        else:
            # Both keys are there at once: two adverts, that were taken for one while they were shown in turn.
            unknown.append(id_)
            under[own] = own
    for id_, was in known.items():
        like = likeness(was.role) if was.role.status == "open" and id_ not in roles else None
        if like is not None and id_ not in others:
            absent[like].append(id_)
    waiting: dict[str, str] = {}
    for id_, own in _matched(unknown, seen.roles, absent, known):
        if own is None:
            roles[id_] = seen.roles[id_]
        elif seen.whole:
            roles[own], named[id_], under[own] = _as(own, seen.roles[id_]), own, id_
        else:
            waiting[id_] = own
    wordings = {named.get(id_, id_): wording for id_, wording in seen.wordings.items()}
    return Resolved(
        replace(seen, roles=roles, others=frozenset(others - set(roles)), wordings=wordings), under, waiting
    )


def _matched(
    unknown: Iterable[str],
    roles: Mapping[str, Role],
    absent: Mapping[str, list[str]],
    known: Mapping[str, Known],
) -> Iterator[tuple[str, str | None]]:
    """Every posting with the role that it is; the closest pairs of a likeness find each other first."""
    alike: dict[str | None, list[str]] = defaultdict(list)
    for id_ in unknown:
        alike[likeness(roles[id_])].append(id_)
    for like, ids in alike.items():
        free = absent.get(like, ()) if like is not None else ()
        pairs = sorted(
            (known[own].role.closes_on != roles[id_].closes_on, known[own].missing, at, own_at, id_, own)
            for at, id_ in enumerate(ids)
            for own_at, own in enumerate(free)
        )
        of: dict[str, str] = {}
        for *_, id_, own in pairs:
            if id_ not in of and own not in of.values():
                of[id_] = own
        yield from ((id_, of.get(id_)) for id_ in ids)


def earlier_of(role: Role, closed: Iterable[Role], *, now: datetime, taken: set[str]) -> Role | None:
    """The role that this new one advertises again: of its likeness, closed within twelve months, on the same board
    or by the same named employer, not advertised again already; the one closed last."""
    like = likeness(role)
    fits = [
        was
        for was in closed
        if was.closed_at is not None
        and was.id not in taken
        and was.id != role.id
        and now - was.closed_at <= READVERTISED_WITHIN
        and (was.source == role.source or was.employer)
        and like is not None
        and likeness(was) == like
    ]
    return max(fits, key=lambda was: (was.closed_at or now, was.id), default=None)


def same_round(was: Role, role: Role) -> bool:
    """Whether a closed role that is there again under another key was never gone: an advert's dates are its own, and
    a vacancy that is advertised again gets new ones."""
    dates = ((was.closes_on, role.closes_on), (was.posted_on, role.posted_on))
    return all(one == other for one, other in dates) and any(one is not None for one, _ in dates)


def _as(id_: str, role: Role) -> Role:
    return role.model_copy(update={"id": id_})


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
