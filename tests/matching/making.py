"""Requests and supporters to test with: one of each in words, and any number of them at random."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from loti_contracts.events import Available, Department, Preferences, Request, Role, Supporter
from loti_contracts.vocabulary import LEVELS
from services.matching.eligibility import SupporterNow

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TODAY = NOON.date()
CAMDEN, HACKNEY, BARNET = "E09000007", "E09000012", "E09000003"

BOROUGHS = (CAMDEN, HACKNEY, BARNET)
ROLES = ("Data engineer", "Data analyst", "Service designer", "A role of our own")
FAMILIES = ("Data", "User-centred design")
SKILLS = ("Python", "SQL", "Facilitation")
KINDS = ("recruiter", "mentor", "university", "training")
PURPOSES = ("recruitment", "mentoring", "placement", "secondment", "training", "advice")
LANGUAGES = ("Bengali", "Polish")
STANDARDS = ("ST0118", "Data technician")


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


def a_role(**differences: Any) -> Role:
    """A live advert of Camden's for a data engineer."""
    usual: dict[str, Any] = {
        "id": "role-1",
        "revision": 1,
        "status": "open",
        "source": "camden",
        "title": "Data Engineer",
        "authorities": ({"gss": CAMDEN, "name": "Camden", "area": "inner"},),
        "links": ("https://jobs.camden.example/1",),
        "standard_role": {"name": "Data engineer", "family": "Data"},
        "level": "practitioner",
        "relevance": "yes",
        "confidence": 1.0,
        "why": "The title says so.",
        "pay": {"text": "£52,000"},
        "found_at": NOON,
    }
    return Role.model_validate({**usual, **differences})


def now(
    load: int = 0, *, good: int = 0, ended: int = 0, stated_on: date | None = None, **differences: Any
) -> SupporterNow:
    """That recruiter, with so many requests in hand and behind them."""
    return SupporterNow(a_supporter(**differences), load, good, ended, stated_on)


def days() -> st.SearchStrategy[date]:
    """Days around today."""
    return st.integers(-20, 60).map(lambda count: TODAY + timedelta(days=count))


def _some(of: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(of), unique=True, max_size=3).map(tuple)


def _sometimes(strategy: st.SearchStrategy[Any], otherwise: Any = None) -> st.SearchStrategy[Any]:
    """Mostly nothing: what is rarely stated should not hide everything else."""
    return st.one_of(st.just(otherwise), st.just(otherwise), strategy)


def any_request(
    *, ids: st.SearchStrategy[str] | None = None, kinds: tuple[str, ...] = KINDS
) -> st.SearchStrategy[Request]:
    """Requests of every sort."""
    return st.builds(
        a_request,
        id=st.just("request-1") if ids is None else ids,
        revision=st.integers(1, 3),
        kind=st.sampled_from(kinds),
        purpose=_sometimes(st.sampled_from(PURPOSES)),
        status=st.sampled_from(("open", "open", "open", "withdrawn")),
        borough=st.sampled_from(BOROUGHS),
        standard_role=st.none() | st.sampled_from(ROLES),
        level=_sometimes(st.sampled_from((*LEVELS, "of our own"))),
        skills=_some(SKILLS),
        apprenticeship_standard=_sometimes(st.sampled_from(STANDARDS)),
        start=_sometimes(days()),
        weeks=_sometimes(st.integers(1, 20)),
        need_by=st.none() | days(),
        languages=_sometimes(_some(LANGUAGES), ()),
        minimum_level=_sometimes(st.sampled_from(LEVELS)),
        not_boroughs=_sometimes(_some(BOROUGHS), ()),
        not_supporters=_sometimes(st.just(("supporter-1", "supporter-2")), ()),
    )


def spans() -> st.SearchStrategy[tuple[Available, ...]]:
    """Up to three spans of days, some upside down, some overlapping."""
    one = st.builds(
        Available, first=st.none() | days(), last=st.none() | days(), capacity=st.none() | st.integers(0, 3)
    )
    return st.lists(one, min_size=1, max_size=3).map(tuple)


def any_supporter(
    *, ids: st.SearchStrategy[str] | None = None, kinds: tuple[str, ...] = KINDS
) -> st.SearchStrategy[Supporter]:
    """Supporters of every sort."""
    department = st.builds(
        Department,
        name=st.just("Statistics"),
        specialisms=_some(SKILLS),
        phd_students=st.none() | st.integers(0, 2),
    )
    return st.builds(
        a_supporter,
        id=st.integers(1, 1_000).map(lambda number: f"supporter-{number}") if ids is None else ids,
        revision=st.integers(1, 3),
        kind=st.sampled_from(kinds),
        status=st.sampled_from(("listed", "listed", "listed", "withdrawn")),
        offers=_sometimes(_some(PURPOSES), ()),
        roles=_some(ROLES),
        families=_some(FAMILIES),
        skills=_some(SKILLS),
        level=st.none() | st.sampled_from(LEVELS),
        languages=_some(LANGUAGES),
        departments=_sometimes(st.lists(department, max_size=2).map(tuple), ()),
        standards=_some(STANDARDS),
        ratings=_sometimes(st.just(({"by": "employers", "score": 0.75, "reviews": 8},)), ()),
        evidence=_sometimes(st.just(({"what": "roles filled", "good": 3, "of": 4},)), ()),
        capacity=st.integers(0, 3),
        available=_sometimes(spans(), ()),
        available_from=st.none() | days(),
        available_until=st.none() | days(),
        own_borough=st.none() | st.sampled_from(BOROUGHS),
        not_for=_some(BOROUGHS),
        prefers=_sometimes(
            st.builds(Preferences, boroughs=_some(BOROUGHS), families=_some(FAMILIES), roles=_some(ROLES))
        ),
    )


def many_supporters(
    kinds: tuple[str, ...] = ("recruiter", "mentor"),
) -> st.SearchStrategy[list[SupporterNow]]:
    """Up to twelve supporters, each with an id of its own, some work in hand and some behind."""
    return st.lists(
        st.builds(
            lambda supporter, load, good, bad, stated_on, kept: SupporterNow(
                supporter, load, good, good + bad, stated_on, kept
            ),
            any_supporter(kinds=kinds),
            st.integers(0, 3),
            st.integers(0, 3),
            st.integers(0, 3),
            _sometimes(st.integers(0, 400).map(lambda count: TODAY - timedelta(days=count))),
            _sometimes(st.integers(0, 2), 0),
        ),
        max_size=12,
        unique_by=lambda one: one.supporter.id,
    )
