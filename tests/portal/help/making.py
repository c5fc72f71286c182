"""Requests, supporters and matches as their topics say them, for tests of the portal."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from loti_contracts.events import (
    BenchmarkInBrief,
    Candidate,
    Contact,
    ContactStated,
    Event,
    LeftOut,
    LeftOutCount,
    Match,
    MatchAnswered,
    MatchIntroduced,
    MatchProposed,
    Reason,
    Request,
    RequestStated,
    SimilarRole,
    Supporter,
    SupporterStated,
)

CAMDEN: Final = "E09000007"
HACKNEY: Final = "E09000012"
STATED: Final = datetime(2026, 11, 2, 9, tzinfo=UTC)
MEMBER: Final = f"contact-member-{CAMDEN}"
"""Who `portal.as_member(CAMDEN)` is."""
ACCEPTED: Final[dict[str, Any]] = {
    "status": "accepted",
    "stage": "introduced",
    "answered_at": STATED + timedelta(hours=1),
    "introduced_at": STATED + timedelta(hours=2),
    "follow_ups": (
        {"after": "two weeks", "due_on": "2026-11-16"},
        {"after": "three months", "due_on": "2027-02-02"},
        {"after": "six months", "due_on": "2027-05-02"},
    ),
}
"""What a match has once one was accepted and introduced; beside `accepted` itself."""


def request(id_: str = "request-1", **other: Any) -> Request:
    """Camden asks for a recruiter for a senior enterprise architect."""
    facts: dict[str, Any] = {
        "id": id_,
        "revision": 1,
        "kind": "recruiter",
        "purpose": "recruitment",
        "borough": CAMDEN,
        "contact_id": MEMBER,
        "standard_role": "Enterprise architect",
        "level": "senior",
        "skills": ("Cloud", "Modelling"),
        "note": "Two interviews are planned in December.",
        "stated_at": STATED,
    }
    return Request.model_validate(facts | other)


def supporter(id_: str = "supporter-ada", contact_id: str = "contact-ada", **other: Any) -> Supporter:
    """A recruiter who knows enterprise architects."""
    facts: dict[str, Any] = {
        "id": id_,
        "revision": 1,
        "kind": "recruiter",
        "contact_id": contact_id,
        "roles": ("Enterprise architect",),
        "families": ("Architecture",),
        "skills": ("Cloud",),
        "capacity": 2,
        "stated_at": STATED,
    }
    return Supporter.model_validate(facts | other)


def person(id_: str, name: str, organisation: str, borough: str | None = None, **other: Any) -> Contact:
    """Somebody with a name and an address."""
    email = f"{name.lower().replace(' ', '.')}@{id_}.example"
    facts = {"id": id_, "revision": 1, "name": name, "email": email, "organisation": organisation}
    return Contact.model_validate(facts | {"borough": borough} | other)


def candidate(
    supporter_id: str = "supporter-ada", contact_id: str = "contact-ada", score: float = 0.8
) -> Candidate:
    """One of a shortlist, with four reasons."""
    said = (
        ("role fit", 1.0, 0.4, "Enterprise architect is one of the roles they know best."),
        ("skill overlap", 0.5, 0.3, "Offers 1 of the 2 skills asked for: Cloud; not Modelling."),
        ("availability", 1.0, 0.2, "Available now and throughout to 31 January 2027."),
        ("track record", 0.5, 0.1, "No outcome is known yet; of a newcomer's, 50% are expected to end well."),
    )
    reasons = tuple(
        Reason(part=part, score=own, weight=weight, sentence=text) for part, own, weight, text in said
    )
    return Candidate(supporter_id=supporter_id, contact_id=contact_id, score=score, reasons=reasons)


def match(id_: str = "match-1", **other: Any) -> Match:
    """The match of `request()`: Ada and Ben are proposed, Cleo has no time."""
    facts: dict[str, Any] = {
        "id": id_,
        "revision": 1,
        "request_id": "request-1",
        "kind": "recruiter",
        "purpose": "recruitment",
        "status": "proposed",
        "stage": "proposed",
        "borough": CAMDEN,
        "requester_contact_id": MEMBER,
        "standard_role": "Enterprise architect",
        "shortlist": (candidate(), candidate("supporter-ben", "contact-ben", 0.8)),
        "left_out": (LeftOut(supporter_id="supporter-cleo", why="Takes no requests at present."),),
        "left_out_counts": (LeftOutCount(why="takes no requests", supporters=1),),
        "benchmark": BenchmarkInBrief(
            standard_role="Enterprise architect", level="senior", area="all", p25=5_800_000, p50=6_200_000,
            p75=6_750_000, adverts=14, boroughs=8,
        ),
        "similar_roles": (
            SimilarRole(
                role_id="role-1", title="Enterprise Architect", authorities=("Hackney",), level="senior",
                pay="£60,000 - £70,000", closes_on=date(2026, 12, 1),
            ),
        ),
        "proposed_at": STATED + timedelta(seconds=2),
        "first_proposed_at": STATED + timedelta(seconds=2),
    }  # fmt: skip
    return Match.model_validate(facts | other)


def introduced(id_: str = "match-1", **other: Any) -> Match:
    """That match once Ada was accepted and introduced."""
    return match(id_, **{"revision": 3, "accepted": candidate(), **ACCEPTED, **other})


def people() -> list[Event]:
    """Three recruiters: Ada, Ben, and Cleo who takes no requests."""
    known = (
        person("contact-ada", "Ada Okafor", "Okafor Hiring"),
        person("contact-ben", "Ben Lee", "Lee & Sons"),
        person("contact-cleo", "Cleo Hart", "Hart Talent"),
    )
    offers = (
        supporter(),
        supporter("supporter-ben", "contact-ben", skills=("Modelling",), level="lead"),
        supporter("supporter-cleo", "contact-cleo", capacity=0),
    )
    return [
        *(ContactStated(contact=one) for one in known),
        *(SupporterStated(supporter=one) for one in offers),
    ]


def proposed() -> list[Event]:
    """Camden asked for a recruiter, and Ada and Ben are proposed."""
    return [*people(), RequestStated(request=request()), MatchProposed(match=match())]


def world() -> list[Event]:
    """The same, and a second request of Camden's through which Ada was introduced."""
    second: dict[str, Any] = {"standard_role": "Data architect", "level": "lead"}
    met = introduced("match-2", request_id="request-2", standard_role="Data architect")
    return [*proposed(), RequestStated(request=request("request-2", **second)), MatchIntroduced(match=met)]


def accepted_and_introduced() -> list[Event]:
    """Ada was accepted, and the email that introduces her was sent."""
    accepted = match(
        revision=2,
        accepted=candidate(),
        **(ACCEPTED | {"introduced_at": None, "stage": "accepted", "follow_ups": ()}),
    )
    return [MatchAnswered(match=accepted), MatchIntroduced(match=introduced())]
