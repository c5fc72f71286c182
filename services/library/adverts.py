"""What the library keeps of a role: the advert, as a start for a job description. Pure."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from loti_contracts.events import LiveAdvert, MadeFrom, Role
from services.library.gaps import Key

RECIPE = "1"
"""How drafts are assembled; another one makes every draft anew."""


class Advert(BaseModel):
    """One advert. `readvertises` names the earlier advert that says the same."""

    model_config = ConfigDict(frozen=True)

    role_id: str
    title: str
    employer: str | None = None
    authorities: tuple[str, ...] = ()
    """GSS codes."""
    names: tuple[str, ...] = ()
    """How the employer and its authorities are called."""
    link: str | None = None
    description: str = ""
    closes_on: date | None = None
    readvertises: str | None = None

    @property
    def speakers(self) -> frozenset[str]:
        """Who speaks: the employer, and the boroughs. Adverts that share either are one voice, however each of them
        calls the employer."""
        employer = " ".join((self.employer or "").casefold().split())
        known = (",".join(self.authorities), employer)
        return frozenset(one for one in known if one) or frozenset({self.role_id})

    def live(self, *, words: int) -> LiveAdvert:
        """As a gap names it; `words` are those of its description."""
        return LiveAdvert(
            role_id=self.role_id,
            title=self.title,
            authorities=self.authorities,
            link=self.link,
            words=words,
            closes_on=self.closes_on,
        )

    def source(self) -> MadeFrom:
        """As a draft names it."""
        return MadeFrom(
            role_id=self.role_id,
            title=self.title[:300] or self.role_id,
            authorities=self.authorities,
            link=self.link,
        )


def advert_of(role: Role) -> Advert:
    """The advert of a role."""
    names = [role.employer or "", *(one.name for one in role.authorities)]
    return Advert(
        role_id=role.id,
        title=role.title,
        employer=role.employer,
        authorities=tuple(one.gss for one in role.authorities),
        names=tuple(name for name in names if name),
        link=next((link for link in role.links if len(link) <= 2_000), None),
        description=role.description or "",
        closes_on=role.closes_on,
        readvertises=role.readvertises,
    )


def key_of(role: Role) -> Key | None:
    """What it is advertised as; None where no standard role fits."""
    return Key(role.standard_role.name, role.level) if role.standard_role else None


def digest(adverts: Iterable[Advert], *, item_id: str) -> str:
    """Changes when anything does that a draft is assembled from."""
    texts = sorted(one.model_dump_json(exclude={"closes_on"}) for one in adverts)
    return hashlib.sha256("\n".join([RECIPE, item_id, *texts]).encode()).hexdigest()


def ended(role: Role) -> datetime | None:
    """When it closed; None while it is open."""
    return None if role.status == "open" else role.closed_at or role.found_at
