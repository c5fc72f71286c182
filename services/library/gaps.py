"""Whether a standard role and level that is advertised has an exemplar job description. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from loti_contracts.events import ExemplarGap, LibraryItem, LiveAdvert
from loti_contracts.slugs import slug
from loti_contracts.vocabulary import Level, authorities, standard_roles
from services.library.rules import Rules, months_before

MOST_ADVERTS = 50
"""So many live adverts are named in a gap."""


@dataclass(frozen=True, slots=True)
class Key:
    """A standard role at one level; None for adverts whose level is not known."""

    standard_role: str
    level: Level | None

    @property
    def id(self) -> str:
        """The gap's id: stable for ever."""
        return f"gap-{self.slug}"

    @property
    def slug(self) -> str:
        """Role and level as they stand in ids."""
        return f"{slug(self.standard_role)}-{self.level or 'any'}"

    def __str__(self) -> str:
        return f"{self.standard_role}, {self.level}" if self.level else self.standard_role


@dataclass(frozen=True, slots=True)
class Exemplar:
    """The newest exemplar of a key, and whether it is old; or, where there is none, those of other levels."""

    item: LibraryItem | None
    old: bool = False
    elsewhere: tuple[LibraryItem, ...] = ()


def exemplar_of(key: Key, items: Sequence[LibraryItem], *, now: datetime, rules: Rules) -> Exemplar:
    """The newest published job description of that role and level. One that names no level is good for all of them,
    and where no level is known any will do."""
    ours = sorted(
        (it for it in items if it.status == "published" and it.kind == "job description"
         and key.standard_role in it.standard_roles),
        key=lambda it: (it.published_at, it.id),
        reverse=True,
    )  # fmt: skip
    exact = [it for it in ours if key.level is None or not it.levels or key.level in it.levels]
    if not exact:
        return Exemplar(None, elsewhere=tuple(ours))
    return Exemplar(exact[0], old=exact[0].published_at <= months_before(now, rules.exemplar_months))


def gap(
    key: Key,
    before: ExemplarGap | None,
    adverts: Sequence[LiveAdvert],
    exemplar: Exemplar,
    *,
    draft_id: str | None,
    now: datetime,
) -> ExemplarGap:
    """The gap as it is now, in its next revision. `adverts` are the open ones."""
    live = tuple(sorted(adverts, key=lambda advert: (-advert.words, advert.role_id)))
    status: Literal["missing", "old", "covered"] = "covered"
    if live and exemplar.item is None:
        status = "missing"
    elif live and exemplar.old:
        status = "old"
    return ExemplarGap(
        id=key.id,
        revision=(before.revision if before else 0) + 1,
        status=status,
        standard_role=key.standard_role,
        family=standard_roles()[key.standard_role].family if key.standard_role in standard_roles() else "",
        level=key.level,
        adverts=live[:MOST_ADVERTS],
        item_id=exemplar.item.id if exemplar.item else None,
        draft_id=draft_id,
        sentence=_sentence(key, live, exemplar, status),
        since=before.since if before and before.status == status else now,
    )


def worth_saying(before: ExemplarGap | None, after: ExemplarGap) -> bool:
    """Whether anything changed; of what was never said, only what is missing or old."""
    if before is None:
        return after.status != "covered"
    return before.model_copy(update={"revision": after.revision}) != after


def _sentence(key: Key, live: Sequence[LiveAdvert], exemplar: Exemplar, status: str) -> str:
    if not live:
        return f"Nobody advertises {key} now."
    asked = f"{_adverts(live)} for {key}"
    if status == "missing":
        return f"{asked}; there is no exemplar job description to start from.{_elsewhere(exemplar)}"
    assert exemplar.item is not None  # noqa: S101 - it is there unless it is missing
    title, on = exemplar.item.title, _day(exemplar.item.published_at.date())
    if status == "old":
        return f"{asked}; the exemplar “{title}” was last reviewed on {on} and is old."
    return f"{asked}; the exemplar “{title}” was last reviewed on {on}."


def _adverts(live: Sequence[LiveAdvert]) -> str:
    count = "1 open advert" if len(live) == 1 else f"{len(live)} open adverts"
    known = {gss for advert in live for gss in advert.authorities}
    if len(known) == 1:
        (gss,) = known
        return f"{count} in {authorities()[gss].name if gss in authorities() else gss}"
    return f"{count} in {len(known)} boroughs" if known else count


def _elsewhere(exemplar: Exemplar) -> str:
    levels = [level for item in exemplar.elsewhere for level in item.levels]
    return f" There is one for another level: {', '.join(dict.fromkeys(levels))}." if levels else ""


def _day(when: date) -> str:
    return f"{when.day} {when:%B %Y}"
