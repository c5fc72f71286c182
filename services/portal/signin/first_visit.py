"""The first visit: who comes by a link, and what somebody whom we do not know yet says of itself. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loti_contracts.vocabulary import authorities
from services.portal.signin.addresses import Address
from services.portal.signin.domains import boroughs_of
from services.portal.signin.forms import Form

Faults = Mapping[str, str]
"""By field: what is wrong, and what to do about it."""

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Person:
    """A contact that has an address."""

    contact_id: str
    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Who may come by a link to an address: one of these people, or somebody new of one of these boroughs (GSS code and
    name)."""

    people: tuple[Person, ...]
    boroughs: tuple[tuple[str, str], ...]

    @property
    def new(self) -> bool:
        """Whether whoever comes has to say its name."""
        return not self.people

    @property
    def nobody(self) -> bool:
        """Whether nobody may come: the contact was forgotten since the link was sent."""
        return not self.people and not self.boroughs


@dataclass(frozen=True, slots=True)
class Who:
    """Who comes: a contact, or somebody new with a name and a borough."""

    contact_id: str | None = None
    name: str = ""
    borough: str | None = None


def choices(address: Address, people: Sequence[Person]) -> Choices:
    """Who may come by a link to that address, which these people have."""
    known = authorities()
    return Choices(tuple(people), tuple((gss, known[gss].name) for gss in boroughs_of(address.email)))


def who_is_it(form: Form, may: Choices) -> Who | Faults:
    """Who comes, or what is wrong with the form."""
    if may.people:
        chosen = form.text("contact", most=1_000) or (
            may.people[0].contact_id if len(may.people) == 1 else ""
        )
        if chosen in [one.contact_id for one in may.people]:
            return Who(chosen)
        return {"contact": "Choose who you are"}
    faults = {}
    name = " ".join(form.text("name").split())
    if not name:
        faults["name"] = "Enter your name"
    elif len(name) > _LONGEST_NAME:
        faults["name"] = f"Your name must be {_LONGEST_NAME} characters or fewer"
    borough = form.text("borough", most=1_000) or (may.boroughs[0][0] if len(may.boroughs) == 1 else "")
    if borough not in [gss for gss, _ in may.boroughs]:
        faults["borough"] = "Choose where you work"
    return faults or Who(name=name, borough=borough)
