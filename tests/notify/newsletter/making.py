"""A month of things heard, made short; and readers."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.events import (
    AuthorityNamed,
    BoroughInDemand,
    Happening,
    LibraryItem,
    NovelRole,
    Pay,
    PaySignal,
    Role,
    SharedDemand,
    StandardRoleNamed,
)
from loti_contracts.vocabulary import LEVELS, authorities, standard_roles
from services.notify.newsletter.drafting import Heard
from services.notify.newsletter.edition_file import EditionFile, edition_id
from services.notify.things import Thing, kind_of

SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SITE = "https://talent.example"


class OpenLinks:
    """The links that are everybody's."""

    def edition(self, edition_id: str) -> str:
        """A newsletter's page."""
        return f"{SITE}/newsletters/{edition_id}"

    def calendar(self, item_id: str) -> str:
        """An event's .ics."""
        return f"{SITE}/events/{item_id}.ics"

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a newsletter has no {name} of one reader")


def role(number: int = 1, **changes: Any) -> Role:
    """One of many roles: each next number has another borough, standard role, level and pay."""
    borough = list(authorities().values())[number * 7 % 33]
    standard = list(standard_roles().values())[number * 5 % len(standard_roles())]
    level = LEVELS[number % len(LEVELS)]
    facts: dict[str, Any] = {
        "status": "open",
        "source": borough.name.lower(),
        "title": f"{level.capitalize()} {standard.name.lower()}",
        "employer": f"London Borough of {borough.name}",
        "authorities": (AuthorityNamed(gss=borough.gss, name=borough.name, area=borough.area),),
        "links": (f"https://jobs.{borough.name.split()[0].lower()}.example/{number}",),
        "standard_role": StandardRoleNamed(name=standard.name, family=standard.family),
        "level": level,
        "relevance": "yes",
        "confidence": 0.9,
        "why": "The title says so.",
        "pay": Pay(
            text="as printed",
            minimum=4_000_000 + number * 50_000,
            maximum=4_600_000 + number * 50_000,
            period="year",
        ),
        "closes_on": UNTIL + timedelta(days=5 + number % 20),
        "found_at": NOW - timedelta(days=number % 28),
    }
    return Role(id=f"role-{number}", **{"revision": 1} | facts | changes)


def signal(number: int = 1, **changes: Any) -> PaySignal:
    """A benchmark that moved."""
    facts: dict[str, Any] = {
        "kind": "benchmark moved",
        "sentence": "The middle of what is offered for a senior data engineer in inner London went up by 4.2%, from "
        "£52,000 to £54,200, by 14 offers.",
        "benchmark_id": "data-engineer",
        "standard_role": "Data engineer",
        "level": "senior",
        "area": "inner",
        "period": "year",
        "before": 5_200_000,
        "after": 5_200_000 + number * 110_000,
        "adverts": 14,
    }
    return PaySignal(id=f"signal-{number}", **{"revision": 1} | facts | changes)


def demand(name: str = "Data engineer", **changes: Any) -> SharedDemand:
    """Three boroughs look for the same."""
    facts: dict[str, Any] = {
        "status": "current",
        "standard_role": name,
        "family": "Data",
        "borough_count": 3,
        "least": 3,
        "window_days": 60,
        "boroughs": tuple(
            BoroughInDemand(gss=one.gss, name=one.name, adverts=1, readvertised=0, requests=0)
            for one in list(authorities().values())[:3]
        ),
        "sentence": "Three boroughs look for a data engineer within 60 days: Camden (2 adverts), Hackney and Sutton.",
        "step": "shared recruiter",
        "step_why": "Two of the adverts were advertised before, and one borough asks for help to recruit.",
        "since": NOW - timedelta(days=8),
    }
    return SharedDemand(id=name, **{"revision": 1} | facts | changes)


def novel(number: int = 1, **changes: Any) -> NovelRole:
    """A role of a kind that nobody had."""
    facts: dict[str, Any] = {
        "status": "novel",
        "title": "AI Assurance Officer",
        "boroughs": role(number).authorities,
        "links": (f"https://jobs.example/novel-{number}",),
        "kind": "assurance",
        "new_words": ("assurance",),
        "why": "No standard role and no earlier advert speaks of assurance for AI.",
        "found_at": NOW,
    }
    return NovelRole(id=f"novel-{number}", **{"revision": 1} | facts | changes)


def item(number: int = 1, **changes: Any) -> LibraryItem:
    """A case study."""
    facts: dict[str, Any] = {
        "kind": "case study",
        "status": "published",
        "title": "How Camden grew its own data engineers",
        "summary": "Eighteen months, four apprentices, three of them still there: what worked, and what they would not "
        "do again.",
        "link": "https://library.example/camden-data-engineers",
        "published_at": NOW,
    }
    return LibraryItem(id=f"item-{number}", **{"revision": 1} | facts | changes)


def event(number: int = 1, **changes: Any) -> LibraryItem:
    """An event on a Tuesday in London's winter."""
    starts = datetime(2026, 12, 8, 10, tzinfo=UTC)
    facts: dict[str, Any] = {
        "kind": "event",
        "title": "Recruiting for data roles: what works",
        "summary": "Three boroughs tell what brought them good applicants.",
        "link": "https://loti.example/events/recruiting",
        "happening": Happening(
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            place="City Hall, Kamal Chunchie Way",
            online="https://meet.example/recruiting",
        ),
    }
    return item(number, **facts | changes)


def month(roles: int = 47) -> Heard:
    """Everything that a good month has."""
    return Heard(
        roles=tuple(role(number) for number in range(roles)),
        gone=3,
        signals=(
            signal(1),
            signal(
                2, sentence="The middle of what is offered for a lead developer in London went down by 2.1%."
            ),
            *(signal(number, kind="below market", role_id=f"role-{number}") for number in range(3, 6)),
        ),
        demands=(demand(), demand("Delivery manager", borough_count=5, step="joint advert")),
        novel=(novel(),),
        items=(item(), item(2, kind="training", title="Apprenticeship levy: a two-hour course")),
        events=(event(3),),
    )


def edition(markdown: str = "Hello.\n\n## Roles\n\nNone.\n", **changes: Any) -> EditionFile:
    """A short edition."""
    facts: dict[str, Any] = {
        "id": edition_id(SINCE, UNTIL),
        "title": "Digital jobs, November 2026",
        "summary": "What is new.",
        "since": SINCE,
        "until": UNTIL,
        "markdown": markdown,
    }
    return EditionFile(**facts | changes)


async def hear(tx: Connection, *things: Thing, at: datetime = NOW, current: bool = True) -> None:
    """These things are kept, first heard of at that moment."""
    rows = [
        (kind_of(thing), thing.id, thing.revision, current, thing.model_dump_json(), f"event-{thing.id}", at)
        for thing in things
    ]
    await tx.executemany(
        "INSERT INTO thing (kind, id, revision, current, state, event_id, correlation_id, first_heard_at, heard_at, "
        "judged) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $7, true)",
        rows,
    )


async def know(
    tx: Connection,
    ids: Iterable[str],
    *,
    topics: Sequence[str] = ("newsletter",),
    status: str = "confirmed",
    quiet: dict[str, Any] | None = None,
    most_a_day: int | None = None,
) -> None:
    """Contacts who said that."""
    known = list(ids)
    await tx.execute(
        "INSERT INTO contact (id, revision, name, email, organisation, address_key) "
        "SELECT id, 1, 'Reader ' || id, id || '@reader.example', 'A borough', sha256(convert_to(id, 'UTF8')) "
        "FROM unnest($1::text[]) AS id",
        known,
    )
    await tx.execute(
        "INSERT INTO choice (contact_id, revision, status, subscriptions, quiet_hours, most_a_day, chosen_at, "
        "confirmed_at, renew_by, judged) "
        "SELECT id, 1, $2, $3, $4, $5, now(), now(), '2100-01-01', true FROM unnest($1::text[]) AS id",
        known,
        status,
        json.dumps([{"topic": topic} for topic in topics]),
        json.dumps(quiet) if quiet else None,
        most_a_day,
    )
