"""Requests and supporters to test with: one of each in words, and any number of them at random."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from loti_contracts.events import Request, Supporter
from services.matching.eligibility import SupporterNow

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TODAY = NOON.date()
CAMDEN, HACKNEY, BARNET = "E09000007", "E09000012", "E09000003"

BOROUGHS = (CAMDEN, HACKNEY, BARNET)
ROLES = ("Data engineer", "Data analyst", "Service designer", "A role of our own")
FAMILIES = ("Data", "User-centred design")
SKILLS = ("Python", "SQL", "Facilitation")
KINDS = ("recruiter", "mentor", "university", "training")


def a_request(**differences: Any) -> Request:
    """Camden asks on 2 November for a recruiter for a data engineer who knows Python and SQL, by the end of the month."""
    usual: dict[str, Any] = {
        "id": "request-1",
        "revision": 1,
        "kind": "recruiter",
        "borough": CAMDEN,
        "contact_id": "contact-camden",
        "standard_role": "Data engineer",
        "skills": ("Python", "SQL"),
        "need_by": date(2026, 11, 30),
        "stated_at": NOON,
    }
    return Request.model_validate({**usual, **differences})


def a_supporter(**differences: Any) -> Supporter:
    """A recruiter who knows data engineers, Python and SQL, takes two requests and is there already."""
    usual: dict[str, Any] = {
        "id": "supporter-1",
        "revision": 1,
        "kind": "recruiter",
        "contact_id": "contact-recruiter",
        "roles": ("Data engineer",),
        "skills": ("Python", "SQL"),
        "capacity": 2,
    }
    return Supporter.model_validate({**usual, **differences})


def now(load: int = 0, **differences: Any) -> SupporterNow:
    """That recruiter, with so many requests in hand."""
    return SupporterNow(a_supporter(**differences), load)


def days() -> st.SearchStrategy[date]:
    """Days around today."""
    return st.integers(-20, 60).map(lambda count: TODAY + timedelta(days=count))


def _some(of: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(of), unique=True, max_size=3).map(tuple)


def any_request(
    *, ids: st.SearchStrategy[str] | None = None, kinds: tuple[str, ...] = KINDS
) -> st.SearchStrategy[Request]:
    """Requests of every sort."""
    return st.builds(
        a_request,
        id=st.just("request-1") if ids is None else ids,
        revision=st.integers(1, 3),
        kind=st.sampled_from(kinds),
        status=st.sampled_from(("open", "open", "open", "withdrawn")),
        borough=st.sampled_from(BOROUGHS),
        standard_role=st.none() | st.sampled_from(ROLES),
        skills=_some(SKILLS),
        need_by=st.none() | days(),
    )


def any_supporter(
    *, ids: st.SearchStrategy[str] | None = None, kinds: tuple[str, ...] = KINDS
) -> st.SearchStrategy[Supporter]:
    """Supporters of every sort."""
    return st.builds(
        a_supporter,
        id=st.integers(1, 1_000).map(lambda number: f"supporter-{number}") if ids is None else ids,
        revision=st.integers(1, 3),
        kind=st.sampled_from(kinds),
        status=st.sampled_from(("listed", "listed", "listed", "withdrawn")),
        roles=_some(ROLES),
        families=_some(FAMILIES),
        skills=_some(SKILLS),
        capacity=st.integers(0, 3),
        available_from=st.none() | days(),
        available_until=st.none() | days(),
        own_borough=st.none() | st.sampled_from(BOROUGHS),
        not_for=_some(BOROUGHS),
    )


def many_supporters() -> st.SearchStrategy[list[SupporterNow]]:
    """Up to twelve supporters, each with an id of its own and some work in hand."""
    return st.lists(
        st.builds(SupporterNow, any_supporter(kinds=("recruiter", "mentor")), st.integers(0, 3)),
        max_size=12,
        unique_by=lambda one: one.supporter.id,
    )
