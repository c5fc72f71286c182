"""Contacts, roles, matches and their events, made short."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from loti_contracts.events import (
    AuthorityNamed,
    Candidate,
    Contact,
    ContactErased,
    ContactStated,
    Envelope,
    Event,
    Match,
    MatchAnswered,
    Pay,
    Reason,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    StandardRoleNamed,
    Subscription,
    envelop,
)

NOW = datetime.now(UTC)
CAMDEN, HACKNEY = "E09000007", "E09000012"
NAMES = {CAMDEN: "Camden", HACKNEY: "Hackney"}
EVERYTHING = Subscription(topic="new role")


def role(id_: str = "role-1", revision: int = 1, **changes: Any) -> Role:
    """An open data engineer's role in Camden."""
    facts: dict[str, Any] = {
        "status": "open",
        "source": "camden",
        "title": f"Data Engineer {id_}",
        "employer": "London Borough of Camden",
        "authorities": authorities(CAMDEN),
        "links": (f"https://jobs.camden.example/{id_}",),
        "standard_role": StandardRoleNamed(name="Data engineer", family="Data"),
        "level": "senior",
        "relevance": "yes",
        "confidence": 0.9,
        "why": "The title says so.",
        "pay": Pay(text="£45,000 - £52,000", minimum=4_500_000, maximum=5_200_000, period="year"),
        "closes_on": NOW.date() + timedelta(days=20),
        "found_at": NOW,
    }
    return Role(id=id_, revision=revision, **facts | changes)


def authorities(*codes: str) -> tuple[AuthorityNamed, ...]:
    """Boroughs by their codes."""
    return tuple(AuthorityNamed(gss=gss, name=NAMES[gss], area="inner") for gss in codes)


def contact(
    id_: str = "contact-1", revision: int = 1, *subscriptions: Subscription, **changes: Any
) -> Contact:
    """A contact called Wilhelmina Featherstone-<id>, so that a trace of the name can be searched for."""
    facts: dict[str, Any] = {
        "name": f"Wilhelmina Featherstone-{id_}",
        "email": f"wilhelmina.{id_}@featherstone.example",
        "organisation": "Featherstone & Daughters",
        "subscriptions": subscriptions,
    }
    return Contact(id=id_, revision=revision, **facts | changes)


def match(revision: int = 2, **changes: Any) -> Match:
    """An accepted match between contact `asks` and contact `helps`."""
    facts: dict[str, Any] = {
        "request_id": "request-1",
        "kind": "mentor",
        "status": "accepted",
        "borough": CAMDEN,
        "requester_contact_id": "asks",
        "standard_role": "Data engineer",
        "note": "Wilhelmina Featherstone wrote this note herself.",
        "shortlist": (candidate(),),
        "accepted": candidate(),
        "proposed_at": NOW,
        "answered_at": datetime(2026, 11, 30, 12, tzinfo=UTC),
    }
    return Match(id="match-1", revision=revision, **facts | changes)


def candidate(contact_id: str = "helps") -> Candidate:
    """A supporter with two reasons."""
    return Candidate(
        supporter_id="supporter-1",
        contact_id=contact_id,
        score=0.8,
        reasons=(
            Reason(part="availability", score=0.5, weight=0.2, sentence="Is free in December."),
            Reason(part="role fit", score=1, weight=0.5, sentence="Has done this work for eight years."),
            Reason(part="skills", score=0, weight=0.3, sentence="Nothing in common."),
        ),
    )


def said(event: Event, **about: Any) -> Envelope[Any]:
    """The event in an envelope of its own."""
    return envelop(
        event, source="/loti/test", time=about.pop("time", datetime.now(UTC)), id=str(uuid.uuid4())
    )


def stated(contact_: Contact, **about: Any) -> Envelope[Any]:
    """A contact was stated."""
    return said(ContactStated(contact=contact_), **about)


def erased(id_: str, **about: Any) -> Envelope[Any]:
    """A contact was erased."""
    return said(ContactErased(contact_id=id_), **about)


def heard(role_: Role) -> Envelope[Any]:
    """The event that a role in this revision and status came with."""
    if role_.status == "closed":
        return said(RoleClosed(role=role_))
    return said(RoleDiscovered(role=role_) if role_.revision == 1 else RoleChanged(role=role_))


def answered(match_: Match) -> Envelope[Any]:
    """A match was answered."""
    return said(MatchAnswered(match=match_))


def closed(role_: Role) -> Role:
    """The role's next revision, closed."""
    return role_.model_copy(
        update={"revision": role_.revision + 1, "status": "closed", "closed_because": "withdrawn"}
    )


YESTERDAY: date = NOW.date() - timedelta(days=1)
