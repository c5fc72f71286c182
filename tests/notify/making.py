"""Contacts, things and their events, made short."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from loti_contracts.events import (
    AuthorityNamed,
    BoroughInDemand,
    Candidate,
    Consent,
    Contact,
    ContactErased,
    ContactStated,
    DemandEnded,
    DemandShared,
    Envelope,
    Event,
    FollowUp,
    FollowUpDue,
    Happening,
    ItemPublished,
    ItemRetired,
    LibraryItem,
    Match,
    MatchAnswered,
    MatchProposed,
    MatchUnmatched,
    MatchWithdrawn,
    NovelRole,
    Pay,
    PaySignal,
    PaySignalRaised,
    Reason,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleNoLongerNovel,
    RoleNovel,
    SharedDemand,
    SourceFailing,
    SourceRecovered,
    SourceState,
    StandardRoleNamed,
    Subscription,
    envelop,
)

NOW = datetime.now(UTC)
YESTERDAY: date = NOW.date() - timedelta(days=1)
CAMDEN, HACKNEY, BROMLEY = "E09000007", "E09000012", "E09000006"
NAMES = {CAMDEN: "Camden", HACKNEY: "Hackney", BROMLEY: "Bromley"}
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
    return tuple(
        AuthorityNamed(gss=gss, name=NAMES[gss], area="outer" if gss == BROMLEY else "inner") for gss in codes
    )


def contact(
    id_: str = "contact-1", revision: int = 1, *subscriptions: Subscription, **changes: Any
) -> Contact:
    """A contact called Wilhelmina Featherstone-<id>, so that a trace of the name can be searched for. It said no yes."""
    facts: dict[str, Any] = {
        "name": f"Wilhelmina Featherstone-{id_}",
        "email": f"wilhelmina.{id_}@featherstone.example",
        "organisation": "Featherstone & Daughters",
        "subscriptions": subscriptions,
    }
    return Contact(id=id_, revision=revision, **facts | changes)


def agreed(contact_: Contact, *, at: datetime | None = None) -> Contact:
    """The contact with its own yes to what is stated for it, given just now unless said otherwise."""
    yes = Consent(given_at=at or datetime.now(UTC), how="Signed in on the portal.")
    return contact_.model_copy(update={"consent": yes})


def signal(id_: str = "signal-1", role_id: str | None = "role-1", **changes: Any) -> PaySignal:
    """An offer below the market; with no role, a benchmark that moved."""
    facts: dict[str, Any] = {
        "kind": "below market" if role_id else "benchmark moved",
        "sentence": "Camden offers £45,000 to £52,000; that is below the P25 (£53,000) of 14 other offers.",
        "benchmark_id": "data-engineer.senior.inner.year",
        "standard_role": "Data engineer",
        "level": "senior",
        "area": "inner",
        "period": "year",
        "role_id": role_id,
        "before": 5_300_000,
        "after": 4_850_000,
        "adverts": 14,
    }
    return PaySignal(id=id_, revision=1, **facts | changes)


def demand(revision: int = 1, **changes: Any) -> SharedDemand:
    """Data engineers, looked for by Camden and Hackney."""
    facts: dict[str, Any] = {
        "status": "current",
        "standard_role": "Data engineer",
        "family": "Data",
        "borough_count": 2,
        "least": 2,
        "window_days": 90,
        "boroughs": tuple(
            BoroughInDemand(gss=gss, name=NAMES[gss], adverts=1, readvertised=0, requests=0)
            for gss in (CAMDEN, HACKNEY)
        ),
        "sentence": "Two boroughs look for data engineers.",
        "since": NOW,
    }
    return SharedDemand(id="Data engineer", revision=revision, **facts | changes)


def novel(id_: str = "role-1", revision: int = 1, **changes: Any) -> NovelRole:
    """A kind of role that was seen nowhere before, in Camden."""
    facts: dict[str, Any] = {
        "status": "novel",
        "title": "Prompt Librarian",
        "boroughs": authorities(CAMDEN),
        "links": ("https://jobs.camden.example/librarian",),
        "kind": "prompt librarian",
        "new_words": ("prompt",),
        "why": "Nobody has advertised one before.",
        "found_at": NOW,
    }
    return NovelRole(id=id_, revision=revision, **facts | changes)


def source(revision: int = 1, **changes: Any) -> SourceState:
    """Camden's board, failing."""
    facts: dict[str, Any] = {
        "status": "failing",
        "name": "Camden jobs",
        "kind": "jsonld",
        "authorities": authorities(CAMDEN),
        "failures": 3,
        "why": "it could not be read 3 times in a row",
        "at": NOW,
    }
    return SourceState(id="camden", revision=revision, **facts | changes)


def item(id_: str = "item-1", revision: int = 1, **changes: Any) -> LibraryItem:
    """A case study for everybody."""
    facts: dict[str, Any] = {
        "kind": "case study",
        "status": "published",
        "title": "How Camden found its data engineers",
        "summary": "Three pages.",
        "published_at": NOW,
    }
    return LibraryItem(id=id_, revision=revision, **facts | changes)


def meeting(
    id_: str = "event-1", revision: int = 1, *, starts: datetime | None = None, **changes: Any
) -> LibraryItem:
    """An event of two hours, next week unless said otherwise."""
    starts = starts or NOW + timedelta(days=7)
    happening = Happening(starts_at=starts, ends_at=starts + timedelta(hours=2), place="City Hall")
    return item(id_, revision, kind="event", title="Meet the data people", happening=happening, **changes)


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


def proposed(revision: int = 1, **changes: Any) -> Match:
    """The same match before it was answered."""
    return match(revision, **{"status": "proposed", "accepted": None, "answered_at": None} | changes)


def asked_how_it_went(revision: int = 4, **changes: Any) -> Match:
    """The same match two weeks after the introduction."""
    gone = FollowUp(after="two weeks", due_on=NOW.date(), asked_at=NOW)
    facts = {"stage": "followed up", "introduced_at": NOW - timedelta(days=14), "follow_ups": (gone,)}
    return match(revision, **facts | changes)


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


def heard(thing: Any) -> Envelope[Any]:
    """The event that a thing in this revision and status came with."""
    match thing:
        case Role(status="closed"):
            return said(RoleClosed(role=thing))
        case Role():
            return said(RoleDiscovered(role=thing) if thing.revision == 1 else RoleChanged(role=thing))
        case PaySignal():
            return said(PaySignalRaised(signal=thing))
        case SharedDemand():
            return said((DemandShared if thing.status == "current" else DemandEnded)(demand=thing))
        case NovelRole():
            return said((RoleNovel if thing.status == "novel" else RoleNoLongerNovel)(novel=thing))
        case SourceState():
            return said((SourceFailing if thing.status == "failing" else SourceRecovered)(source=thing))
        case LibraryItem():
            return said((ItemPublished if thing.status == "published" else ItemRetired)(item=thing))
        case Match(status="proposed"):
            return said(MatchProposed(match=thing))
        case Match(stage="open"):
            return said(MatchUnmatched(match=thing))
        case Match(status="withdrawn"):
            return said(MatchWithdrawn(match=thing))
        case Match(stage="followed up"):
            both = (thing.requester_contact_id, *([thing.accepted.contact_id] if thing.accepted else []))
            return said(FollowUpDue(match=thing, after=thing.follow_ups[-1].after, contact_ids=both))
    return answered(thing)


def answered(match_: Match) -> Envelope[Any]:
    """A match was answered."""
    return said(MatchAnswered(match=match_))


def closed(role_: Role) -> Role:
    """The role's next revision, closed."""
    return role_.model_copy(
        update={"revision": role_.revision + 1, "status": "closed", "closed_because": "withdrawn"}
    )
