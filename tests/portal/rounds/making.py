"""A round of mentors as its topics say it: what is shown is what matching really decides."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from loti_contracts.events import (
    Contact,
    ContactStated,
    Event,
    Request,
    RequestStated,
    Round,
    RoundDecided,
    RoundResult,
    RoundStated,
    Supporter,
    SupporterStated,
)
from services.matching.asked_rounds.deciding import decide
from services.matching.asked_rounds.facts import Asked, Asking, Offering

CAMDEN: Final = "E09000007"
HACKNEY: Final = "E09000012"
SUTTON: Final = "E09000029"
STATED: Final = datetime(2026, 11, 2, 9, tzinfo=UTC)
ROUND: Final = "round-spring"

_PEOPLE = (
    ("asha", "Asha Khan", CAMDEN, "Data engineer", "practitioner"),
    ("bola", "Bola Adeyemi", CAMDEN, "Data analyst", "associate"),
    ("chen", "Chen Wei", HACKNEY, "Service designer", "senior"),
    ("dara", "Dara Murphy", HACKNEY, "Data engineer", "senior"),
    ("ella", "Ella Oyelaran-Featherstonehaugh", SUTTON, "Delivery manager", "practitioner"),
    ("fred", "Fred Marsh", SUTTON, "Data engineer", "head"),
)
_MENTORS = (
    ("ben", "Ben Okoro", HACKNEY, ("Data engineer", "Data analyst"), "lead", 2),
    ("cleo", "Cleo Papadopoulos", CAMDEN, ("Service designer",), "principal", 1),
    ("dev", "Dev Patel", SUTTON, ("Data engineer",), "head", 1),
    ("eve", "Eve Sharma", CAMDEN, ("Delivery manager",), "lead", 1),
    ("gus", "Gus Brown", HACKNEY, ("Data engineer",), "lead", 0),
)


def requests() -> list[Request]:
    """Six people of three boroughs who want a mentor."""
    return [
        Request(
            id=f"request-{id_}",
            revision=1,
            kind="mentor",
            borough=gss,
            contact_id=f"contact-{id_}",
            standard_role=role,
            level=level,
            skills=("Coaching",),
            stated_at=STATED,
        )
        for id_, _, gss, role, level in _PEOPLE
    ]


def supporters() -> list[Supporter]:
    """Five mentors, one of whom takes nobody at present."""
    return [
        Supporter.model_validate(
            {
                "id": f"supporter-{id_}",
                "revision": 1,
                "kind": "mentor",
                "contact_id": f"contact-{id_}",
                "roles": roles,
                "level": level,
                "own_borough": gss,
                "capacity": places,
                "stated_at": STATED,
            }
        )
        for id_, _, gss, roles, level, places in _MENTORS
    ]


def round_(**other: Any) -> Round:
    """A round of everybody, as staff asks for it."""
    facts: dict[str, Any] = {
        "id": ROUND,
        "revision": 1,
        "title": "Spring mentoring 2027",
        "contact_id": "contact-loti",
        "stated_at": STATED,
    }
    return Round.model_validate(facts | other)


def result(of: Round, *, before: RoundResult | None = None, revision: int = 1) -> RoundResult:
    """How matching decides it."""
    return decide(
        Asked(
            round=of,
            asking=tuple(Asking(request=one) for one in requests()),
            offering=tuple(Offering(supporter=one) for one in supporters()),
            fresh_for=6,
            before=before,
            revision=revision,
            now=STATED,
        )
    )


def events() -> Iterator[Event]:
    """Everybody, and the round decided."""
    for id_, name, gss, *_ in (*_PEOPLE, *_MENTORS):
        contact = Contact(
            id=f"contact-{id_}",
            revision=1,
            name=name,
            email=f"{id_}@borough.example",
            organisation="A borough",
            borough=gss,
        )
        yield ContactStated(contact=contact)
    yield from (RequestStated(request=one) for one in requests())
    yield from (SupporterStated(supporter=one) for one in supporters())
    yield RoundStated(round=round_())
    yield RoundDecided(result=result(round_()))
