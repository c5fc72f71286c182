"""Roles, items, offers and reviews to test with, in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

from loti_contracts.events import Content, Contribution, Happening, LibraryItem, Post, Review, Role
from loti_contracts.vocabulary import authorities

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
CAMDEN, HACKNEY, BARNET = "E09000007", "E09000012", "E09000003"

DUTIES = (
    "You will build dashboards that managers use to follow performance.",
    "You will check the quality of data with the services.",
    "You will coach the junior analysts of the team.",
    "You have experience of querying large datasets with SQL.",
)
"""Lines that three adverts in three boroughs say alike."""


def a_role(**differences: Any) -> Role:
    """A live advert of Camden's for a senior data analyst."""
    borough = differences.pop("borough", CAMDEN)
    name = authorities()[borough].name
    usual: dict[str, Any] = {
        "id": f"role-{name.lower()}",
        "revision": 1,
        "status": "open",
        "source": name.lower(),
        "title": "Senior Data Analyst",
        "employer": f"London Borough of {name}",
        "authorities": ({"gss": borough, "name": name, "area": authorities()[borough].area},),
        "links": (f"https://jobs.{name.lower()}.example/1",),
        "standard_role": {"name": "Data analyst", "family": "Data"},
        "level": "senior",
        "relevance": "yes",
        "confidence": 1.0,
        "why": "The title says so.",
        "found_at": NOON,
        "description": " ".join(DUTIES),
    }
    return Role.model_validate({**usual, **differences})


def closed(role: Role, **differences: Any) -> Role:
    """The same role, closed in its next revision."""
    return role.model_copy(
        update={"revision": role.revision + 1, "status": "closed", "closed_because": "withdrawn",
                "closed_at": NOON, **differences}
    )  # fmt: skip


def content(**differences: Any) -> Content:
    """An exemplar of a senior data analyst's job description."""
    usual: dict[str, Any] = {
        "title": "Senior data analyst",
        "summary": "What a senior data analyst does.",
        "body": "## What you will do\n\n- Build dashboards.\n",
        "licence": "OGL-UK-3.0",
        "standard_roles": ("Data analyst",),
        "levels": ("senior",),
        "skills": ("Data visualisation",),
        "boroughs": (CAMDEN,),
    }
    return Content.model_validate({**usual, **differences})


def an_offer(**differences: Any) -> Contribution:
    """Camden offers it."""
    usual: dict[str, Any] = {
        "id": "offer-1",
        "revision": 1,
        "item_id": "item-1",
        "kind": "job description",
        "content": content(),
        "contact_id": "contact-camden",
        "stated_at": NOON,
    }
    return Contribution.model_validate({**usual, **differences})


def a_review(**differences: Any) -> Review:
    """LOTI publishes the draft as it stands in its first revision."""
    usual: dict[str, Any] = {
        "id": "review-1",
        "revision": 1,
        "draft_id": "offer-1",
        "draft_revision": 1,
        "verdict": "publish",
        "contact_id": "contact-loti",
        "stated_at": NOON,
    }
    return Review.model_validate({**usual, **differences})


def an_item(**differences: Any) -> LibraryItem:
    """A published case study that was stated by somebody."""
    usual: dict[str, Any] = {
        "id": "item-platform",
        "revision": 1,
        "kind": "case study",
        "status": "published",
        "title": "One data platform for two boroughs",
        "summary": "How two boroughs built one platform for their housing data.",
        "published_at": NOON - timedelta(days=10),
    }
    return LibraryItem.model_validate({**usual, **differences})


def an_event(**differences: Any) -> LibraryItem:
    """A meeting tomorrow."""
    when = Happening(
        starts_at=NOON + timedelta(days=1), ends_at=NOON + timedelta(days=1, hours=1), place="City Hall"
    )
    return an_item(
        **{"id": "item-meeting", "kind": "event", "title": "Show and tell", "happening": when, **differences}
    )


def a_post(id_: str, reports_to: str | None = None, **differences: Any) -> Post:
    """A post of a team structure."""
    return Post.model_validate({"id": id_, "title": f"Post {id_}", "reports_to": reports_to, **differences})


def an_exemplar(**differences: Any) -> LibraryItem:
    """A published job description of a senior data analyst."""
    return an_item(
        **{"id": "exemplar-1", "kind": "job description", "title": "Senior data analyst", "published_at": NOON,
           "standard_roles": ("Data analyst",), "levels": ("senior",), **differences}
    )  # fmt: skip
