"""The people of the flow: who they are, what they choose, offer and ask, made from a seed. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Final

from loti_contracts.events import (
    Contact,
    ContactErased,
    ContactStated,
    ContributionStated,
    Event,
    Request,
    RequestStated,
    Supporter,
    SupporterStated,
)

BOROUGHS: Final = ("E09000012", "E09000028", "E09000022", "E09000033", "E09000007", "E09000023")
STAFF: Final = "contact-flow-staff"
ASKING: Final = "contact-flow-asking"
"""Who uses the portal's pages."""
_ROLES: Final = (
    "Data engineer",
    "Data analyst",
    "User researcher",
    "Content designer",
    "Enterprise architect",
)
_KINDS: Final = ("recruiter", "mentor", "recruiter", "training")


def _person(id_: str, now: datetime, **said: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "revision": 1,
        "name": f"Person {id_.removeprefix('contact-flow-')}",
        "email": f"{id_.removeprefix('contact-')}@people.example.org",
        "organisation": "A borough",
        "most_a_day": 1000,
        "consent": {"given_at": now, "how": "said so, in person"},
        **said,
    }


@dataclass(slots=True)
class People:
    """Everything that they last stated, by id; what is done next is drawn from `random`."""

    random: Random
    contacts: dict[str, Contact] = field(default_factory=dict)
    supporters: dict[str, Supporter] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    """Requests that were answered: they are not withdrawn any more."""
    _contributions: int = 0

    def introduce_themselves(self, now: datetime) -> list[Event]:
        """What is stated before anything else: staff, boroughs that ask, and who can help."""
        staff = _person(STAFF, now, roles=("LOTI staff",), subscriptions=({"topic": "new role"},))
        asking = _person(ASKING, now, borough=BOROUGHS[0], roles=("hiring manager",))
        said = [self._contact(staff), self._contact(asking)]
        for number, gss in enumerate(BOROUGHS):
            topics = ({"topic": "new role", "boroughs": (gss,)}, {"topic": "offer below market"})
            person = _person(f"contact-flow-borough-{number}", now, borough=gss, subscriptions=topics)
            said.append(self._contact(person | {"roles": ("hiring manager",)}))
        for number in range(24):
            said += self._supporter(number, now)
        return said

    def next(self, now: datetime) -> list[Event]:
        """What somebody states next."""
        for part, do in ((0.45, self.ask), (0.15, self._ask_otherwise), (0.05, self._withdraw), (0.15, self._offer_otherwise),
                         (0.12, self._choose_otherwise)):  # fmt: skip
            if self.random.random() < part and (said := do(now)):
                return said
        return self._contribute(now)

    def ask(self, now: datetime) -> list[Event]:
        """A new request for help."""
        number = len(self.requests)
        borough = self.random.randrange(len(BOROUGHS))
        request = Request(
            id=f"request-flow-{number:05}",
            revision=1,
            kind=self.random.choice(_KINDS),
            borough=BOROUGHS[borough],
            contact_id=f"contact-flow-borough-{borough}",
            standard_role=self.random.choice(_ROLES),
            note=f"The {number}th time that we ask.",
            stated_at=now,
        )
        return [self._request(request)]

    def erase(self, now: datetime) -> list[Event]:
        """Somebody joins, chooses, and is erased."""
        number = sum(id_.startswith("contact-flow-leaving") for id_ in self.contacts)
        id_ = f"contact-flow-leaving-{number}"
        said = self._contact(_person(id_, now, subscriptions=({"topic": "new role"},)))
        return [said, ContactErased(contact_id=id_)]

    def _request(self, request: Request) -> Event:
        self.requests[request.id] = request
        return RequestStated(request=request)

    def _contact(self, said: dict[str, Any]) -> Event:
        contact = Contact.model_validate(said)
        self.contacts[contact.id] = contact
        return ContactStated(contact=contact)

    def _supporter(self, number: int, now: datetime) -> list[Event]:
        id_ = f"contact-flow-supporter-{number}"
        supporter = Supporter(
            id=f"supporter-flow-{number}",
            revision=1,
            kind=_KINDS[number % len(_KINDS)],
            contact_id=id_,
            roles=(_ROLES[number % len(_ROLES)], _ROLES[(number + 1) % len(_ROLES)]),
            families=("Data",),
            capacity=2,
            stated_at=now,
        )
        self.supporters[supporter.id] = supporter
        return [self._contact(_person(id_, now, roles=("supporter",))), SupporterStated(supporter=supporter)]

    def _open(self) -> list[Request]:
        return [
            one for id_, one in self.requests.items() if one.status == "open" and id_ not in self.answered
        ]

    def _ask_otherwise(self, now: datetime) -> list[Event]:
        if not (known := self._open()):
            return []
        one = self.random.choice(known)
        said = {"revision": one.revision + 1, "standard_role": self.random.choice(_ROLES), "stated_at": now}
        return [self._request(one.model_copy(update=said))]

    def _withdraw(self, now: datetime) -> list[Event]:
        if not (known := self._open()):
            return []
        one = self.random.choice(known)
        said = {"revision": one.revision + 1, "status": "withdrawn", "stated_at": now}
        return [self._request(one.model_copy(update=said))]

    def _offer_otherwise(self, now: datetime) -> list[Event]:
        """More capacity, never less: so that nobody ever carries more than they said they could."""
        one = self.random.choice(list(self.supporters.values()))
        said = {"revision": one.revision + 1, "capacity": one.capacity + 1, "stated_at": now}
        changed = one.model_copy(update=said)
        self.supporters[one.id] = changed
        return [SupporterStated(supporter=changed)]

    def _choose_otherwise(self, now: datetime) -> list[Event]:
        one = self.contacts[f"contact-flow-borough-{self.random.randrange(len(BOROUGHS))}"]
        levels = tuple(sorted(self.random.sample(["senior", "lead", "practitioner"], 2)))
        topics = (
            {"topic": "new role", "levels": levels, "boroughs": (one.borough,)},
            {"topic": "shared demand"},
        )
        consent = {"given_at": now, "how": "signed in"}
        said = one.model_dump() | {"revision": one.revision + 1, "subscriptions": topics, "consent": consent}
        return [self._contact(said)]

    def _contribute(self, now: datetime) -> list[Event]:
        self._contributions += 1
        number = self._contributions
        content = {
            "title": f"Training, part {number}",
            "summary": "What the course teaches, and to whom.",
            "provider": "A college",
        }
        contribution = {"id": f"contribution-flow-{number}", "revision": 1, "item_id": f"item-flow-{number}", "kind": "training",
                        "content": content, "contact_id": "contact-flow-borough-0", "stated_at": now}  # fmt: skip
        return [ContributionStated.model_validate({"contribution": contribution})]
