"""Things of the library to be heard in tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from loti_contracts.events import (
    Content,
    Contribution,
    ContributionStated,
    Draft,
    DraftChanged,
    Edition,
    EditionPublished,
    ExemplarGap,
    ExemplarMissing,
    ItemPublished,
    ItemRetired,
    LibraryItem,
)
from loti_contracts.events.exemplar_gaps import LiveAdvert
from loti_contracts.events.library_content import Happening, MadeFrom, WorkingOn
from loti_contracts.structures import TEMPLATE, read_structure

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CAMDEN, HACKNEY, BARNET = "E09000007", "E09000012", "E09000003"

OFFER = "00000000-0000-0000-0000-000000000009"
"""What Camden's member offered."""

OTHER_TEAM = """\
id,title,reports_to,standard_role,level,count,vacant,team
1,Assistant Director of Digital Services and Customer Experience,,,head,1,0,
2,Head of Delivery,1,Delivery manager,head,1,1,Delivery
3,Delivery Manager,2,Delivery manager,practitioner,3,0,Delivery
4,Senior Developer,2,Software developer,senior,2,1,Delivery
5,Developer,2,Software developer,practitioner,1,0,Delivery
6,Head of Data,1,,head,1,0,Data
7,Data Engineer,6,Data engineer,practitioner,2,0,Data
"""


def content(title: str = "Enterprise architect, senior", **differences: Any) -> Content:
    """What an item says: a job description unless it is told otherwise."""
    said: dict[str, Any] = {
        "title": title,
        "summary": "A senior architect who keeps the borough's systems fitting together.",
        "body": "## What you will do\n\n- draw how systems fit together\n- advise directors\n\n## What you bring\n\nYou "
        "have led **architecture** across services.",
        "licence": "OGL-UK-3.0",
        "families": ("Architecture",),
        "standard_roles": ("Enterprise architect",),
        "levels": ("senior",),
        "skills": ("Strategy",),
        "boroughs": (CAMDEN,),
    }
    return Content(**said | differences)


def item(
    id_: str = "item-1", *, kind: Any = "job description", revision: int = 1, **differences: Any
) -> LibraryItem:
    """A published item; `differences` are fields of its content or of its state."""
    state = {
        name: differences.pop(name)
        for name in ("status", "retired_at", "published_at")
        if name in differences
    }
    said = content(**differences).model_dump()
    more: dict[str, Any] = {"status": "published", "published_at": NOW, "version": revision} | state
    return LibraryItem(id=id_, revision=revision, kind=kind, **said, **more)


def published(id_: str = "item-1", **differences: Any) -> ItemPublished:
    """Its event."""
    return ItemPublished(item=item(id_, **differences))


def retired(id_: str = "item-1", **differences: Any) -> ItemRetired:
    """It is not to be used any more."""
    return ItemRetired(item=item(id_, revision=2, status="retired", retired_at=NOW, **differences))


def structure(id_: str = "team-camden", csv: str = TEMPLATE, **differences: Any) -> ItemPublished:
    """A team structure, Camden's unless it is told otherwise."""
    said: dict[str, Any] = {
        "title": "Camden's digital team",
        "summary": "The team as it was in autumn.",
        "body": None,
        "posts": read_structure(csv),
        "standard_roles": ("Software developer",),
    }
    return published(id_, kind="team structure", **said | differences)


def challenge(id_: str = "challenge-1", **differences: Any) -> ItemPublished:
    """A shared challenge that Camden raised, and works on."""
    said: dict[str, Any] = {
        "title": "Nobody applies for data engineer posts",
        "summary": "Adverts run for months.",
        "community": "Data community of practice",
        "working_on": (WorkingOn(borough=CAMDEN, what="Trying a joint campaign."),),
        "standard_roles": ("Data engineer",),
        "levels": (),
    }
    return published(id_, kind="challenge", **said | differences)


def event(
    id_: str = "event-1", *, starts: datetime = NOW + timedelta(days=10), **differences: Any
) -> ItemPublished:
    """A meeting of two hours."""
    said: dict[str, Any] = {
        "title": "Data community of practice, winter meeting",
        "summary": "Two talks, and time to ask.",
        "happening": Happening(
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            place="City Hall",
            online="https://meet.example/x",
        ),
        "standard_roles": (),
        "levels": (),
    }
    return published(id_, kind="event", **said | differences)


def draft(id_: str = "draft-1", *, revision: int = 1, **differences: Any) -> DraftChanged:
    """A draft that waits; `differences` are its fields."""
    known: dict[str, Any] = {
        "item_id": "item-1",
        "kind": "job description",
        "origin": "contributed",
        "status": "waiting",
        "content": content(),
        "made_at": NOW,
    }
    return DraftChanged(draft=Draft(id=id_, revision=revision, **known | differences))


def assembled(id_: str = "assembled-1", **differences: Any) -> DraftChanged:
    """A draft that was put together from two adverts."""
    sources = (
        MadeFrom(role_id="role-1", title="Enterprise Architect", authorities=(HACKNEY,)),
        MadeFrom(role_id="role-2", title="Senior Enterprise Architect", authorities=(BARNET,)),
    )
    said = content("Draft: Enterprise architect, senior", made_from=sources, boroughs=())
    return draft(id_, origin="assembled", item_id="item-ea-senior", content=said, **differences)


def contribution(id_: str, contact_id: str, *, revision: int = 1, **differences: Any) -> ContributionStated:
    """What a person offered."""
    known: dict[str, Any] = {
        "item_id": "item-1",
        "kind": "job description",
        "content": content(),
        "contact_id": contact_id,
        "stated_at": NOW,
    }
    return ContributionStated(contribution=Contribution(id=id_, revision=revision, **known | differences))


def gap(id_: str = "gap-1", **differences: Any) -> ExemplarMissing:
    """A role without a job description, and an advert for it."""
    known: dict[str, Any] = {
        "status": "missing",
        "standard_role": "Enterprise architect",
        "family": "Architecture",
        "level": "senior",
        "adverts": (
            LiveAdvert(role_id="role-1", title="Enterprise Architect", authorities=(HACKNEY,), words=420),
        ),
        "sentence": "1 open advert in Hackney for Enterprise architect, senior; there is no exemplar.",
        "since": NOW,
    }
    return ExemplarMissing(gap=ExemplarGap(id=id_, revision=1, **known | differences))


def edition(id_: str = "2026-11", **differences: Any) -> EditionPublished:
    """A newsletter."""
    known: dict[str, Any] = {
        "title": "What boroughs recruit in November",
        "summary": "Architects are hard to find.",
        "markdown": "# What is new\n\n<b>Two</b> boroughs look for [architects](https://talent.example/jobs).\n\n- one\n",
        "since": NOW.date() - timedelta(days=30),
        "until": NOW.date(),
        "link": f"https://talent.example/newsletters/{id_}",
        "sent_at": NOW,
    }
    return EditionPublished(edition=Edition(id=id_, revision=1, **known | differences))


def library_world(now: datetime = NOW) -> list[Any]:
    """One thing of every kind, as a walk over all pages needs them."""
    offered = content(body="## What you will do\n\n- advise directors\n", summary="Shorter.")
    return [
        published(),
        published(
            "item-1", revision=2, summary="A senior architect, and what the role is like.", published_at=NOW
        ),
        structure(),
        structure("team-hackney", OTHER_TEAM, title="Hackney's digital team", boroughs=(HACKNEY,)),
        published("case-1", kind="case study", title="How we hired five developers", levels=()),
        published(
            "training-1", kind="training", title="Architecture in a week", provider="A college", licence=None
        ),
        published(
            "apprenticeship-1", kind="apprenticeship", title="Digital apprentices", levels=("trainee",)
        ),
        challenge(),
        event(starts=now + timedelta(days=10)),
        event("event-0", starts=now - timedelta(days=10), title="Autumn meeting"),
        draft(),
        contribution(OFFER, f"contact-member-{CAMDEN}", content=offered, note="It was too long."),
        draft(OFFER, contact_id=f"contact-member-{CAMDEN}", content=offered, note="It was too long."),
        assembled(),
        gap(draft_id="assembled-1"),
        edition(),
    ]
