"""The jobs board on a real database: every filter lets through what it says, in order, and no address breaks it."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events import Role
from services.portal.jobs import store
from services.portal.jobs.asked import Asked
from services.portal.jobs.cards import posted
from services.portal.jobs.searching import search
from tests.portal.jobs.making import CAMDEN, FOUND, HACKNEY, SUTTON, changed, closed, discovered, role
from tests.portal.portal import Clock, Portal

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def clock() -> Clock:
    """The board is looked at on one Sunday in November."""
    return Clock(NOW)


def some_roles() -> list[Role]:
    """Forty roles that differ in everything that can be looked for."""
    kinds = ("Data analyst", "Enterprise architect", "Service designer", None)
    found = []
    for n in range(40):
        kind, low = kinds[n % 4], 30_000 + n * 1_500
        one = role(
            f"r{n:02}",
            title=f"{kind or 'Kit wrangler'} {n}",
            standard_role=kind,
            level=("senior", "lead", None)[n % 3],
            boroughs=[(HACKNEY,), (SUTTON,), (CAMDEN, SUTTON)][n % 3],
            pay=None if n % 5 == 0 else (low, low + 5_000) if n % 7 else (400, 450),
            period="year" if n % 7 else "day",
            contract=("Permanent", "Fixed term (12 months)", None)[n % 3],
            description="Kubernetes and care." if n % 2 else "Libraries.",
            found_at=FOUND - timedelta(hours=n * 9),
            posted_on=(FOUND - timedelta(hours=n * 9)).date() if n % 4 else None,
            closes_on=date(2026, 12, 1) + timedelta(days=n % 11) if n % 6 else None,
        )
        found.append(closed(one, at=NOW).role if n % 3 == 1 else one)
    return found


def lets_through(asked: Asked, one: Role) -> bool:
    """What the form says that it means, without a database."""
    name, family = (one.standard_role.name, one.standard_role.family) if one.standard_role else (None, None)
    kind = {"Permanent": "permanent", "Fixed term (12 months)": "fixed term", None: None}[one.contract]
    since, pay = asked.posted_from(TODAY), one.pay
    ends = [end for end in (pay.minimum, pay.maximum) if end is not None] if pay else []
    return (
        asked.status in ("all", one.status)
        and (not asked.roles or name in asked.roles)
        and (not asked.families or family in asked.families)
        and (not asked.levels or one.level in asked.levels)
        and (not asked.boroughs or any(it.gss in asked.boroughs for it in one.authorities))
        and (not asked.areas or any(it.area in asked.areas for it in one.authorities))
        and (not asked.contracts or kind in asked.contracts)
        and (since is None or posted(one) >= since)
        and (
            not asked.words
            or all(word in f"{one.title} {one.description}".casefold() for word in asked.words.split())
        )
        and (
            not asked.pay_counts
            or (
                (pay is not None and pay.period == asked.pay_period and bool(ends))
                and (asked.pay_from is None or max(ends) >= asked.pay_from * 100)
                and (asked.pay_to is None or min(ends) <= asked.pay_to * 100)
            )
        )
    )


def in_order(asked: Asked, roles: Sequence[Role]) -> list[str]:
    """The ids as the chosen order has them."""

    def key(one: Role) -> Any:
        newest = (-one.found_at.timestamp(), one.id)
        if asked.order == "closing":
            return (one.closes_on or date.max, *newest)
        if asked.order == "pay":
            yearly = one.pay and one.pay.period == "year" and one.pay.maximum
            return (-(yearly or -1), *newest)
        if asked.order == "match":
            return (any(word not in one.title.casefold() for word in asked.words.split()), *newest)
        return newest

    return [one.id for one in sorted(roles, key=key)]


SEARCHES = st.builds(
    Asked,
    words=st.sampled_from(("", "", "wrangler", "kubernetes", "analyst kubernetes", "designer")),
    roles=st.sampled_from(((), (), ("Data analyst",), ("Data analyst", "Enterprise architect"))),
    families=st.sampled_from(((), (), ("Data",))),
    levels=st.sampled_from(((), ("senior",), ("senior", "lead"))),
    boroughs=st.sampled_from(((), (CAMDEN,), (HACKNEY, SUTTON))),
    areas=st.sampled_from(((), ("inner",), ("outer",))),
    contracts=st.sampled_from(((), ("permanent",), ("fixed term", "temporary"))),
    pay_from=st.sampled_from((None, None, 45_000, 420)),
    pay_to=st.sampled_from((None, None, 60_000)),
    pay_period=st.sampled_from(("year", "day")),
    status=st.sampled_from(("open", "closed", "all")),
    since=st.sampled_from((None, None, 25, date(2026, 10, 28))),
    sort=st.sampled_from((None, "newest", "closing", "pay")),
)


async def test_every_search_finds_exactly_what_it_lets_through(portal: Portal) -> None:
    """All filters together, in every order: what the database finds is what the form says, no more, no less."""
    roles = some_roles()
    await portal.hears(*(discovered(one) for one in roles))
    asked_for: list[Asked] = []
    given(SEARCHES)(settings(max_examples=40)(lambda asked: asked_for.append(asked)))()
    async with portal.pool.acquire() as tx, tx.transaction():
        for asked in asked_for:
            wanted = in_order(asked, [one for one in roles if lets_through(asked, one)])
            found = await search(tx, asked, today=TODAY)
            if found.instead:  # a word that no such role has was read as another
                continue
            assert found.total == len(wanted), asked
            assert [one.role.id for one in found.roles] == wanted[:20], asked
            assert [one.role.id for one in (await search(tx, asked.on_page(2), today=TODAY)).roles] == (
                wanted[20:40] or wanted[:20]
            ), asked
            counted = await store.count_by_borough(tx, asked, today=TODAY)
            assert counted == {
                gss: many
                for gss in (HACKNEY, CAMDEN, SUTTON)
                if (
                    many := sum(
                        gss in {it.gss for it in one.authorities} for one in roles if one.id in wanted
                    )
                )
            }, asked


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("enterprize archtect", "Enterprise Architect"),
        ("entreprise arcitect", "Enterprise Architect"),
        ("pyhton", "Python Developer"),
        ("enterp", "Enterprise Architect"),
    ],
)
async def test_spelling_slips_are_forgiven_and_said(portal: Portal, typed: str, meant: str) -> None:
    """Words that no role has are read as the ones that were meant, and the page says so."""
    await portal.hears(
        discovered(role("r1")),
        discovered(role("r2", title="Python Developer", standard_role="Software developer")),
    )
    text = (await portal.get("/jobs", params={"words": typed})).text
    assert meant in text
    assert "No role has" in text
    assert "1 role<" in text


async def test_what_changes_is_found_by_what_it_is_now(portal: Portal) -> None:
    """The newest title counts, not what it was; a closed role leaves the open ones."""
    first = role("r1")
    await portal.hears(discovered(first))
    await portal.hears(changed(first, title="Solution Wizard", standard_role=None, employer="Council"))
    assert "Solution Wizard" in (await portal.get("/jobs?words=wizard")).text
    assert "No role found" in (await portal.get("/jobs?words=enterprise")).text
    await portal.hears(closed(changed(first, title="Solution Wizard").role, at=NOW))
    assert "No role found" in (await portal.get("/jobs")).text
    assert "Solution Wizard" in (await portal.get("/jobs?status=closed")).text


async def test_a_page_of_many_leads_to_the_others(portal: Portal) -> None:
    """Twenty roles a page; each page's address keeps the search; a page too far shows the last one."""
    await portal.hears(*(discovered(role(f"r{n}", title=f"Analyst {n}")) for n in range(45)))
    first = (await portal.get("/jobs?words=analyst")).text
    assert "45 roles" in first
    assert first.count('class="jobs-card"') == 20
    assert "/jobs?words=analyst&amp;page=3" in first
    assert (await portal.get("/jobs?words=analyst&page=50")).text.count('class="jobs-card"') == 5


async def test_htmx_gets_the_address_without_empty_fields(portal: Portal) -> None:
    """What a form sends empty does not stand in the address that is kept; a live refresh changes no address."""
    answer = await portal.get("/jobs?words=&pay_from=&borough=hackney", headers={"HX-Trigger": "filters"})
    assert answer.headers["HX-Push-Url"] == f"/jobs?borough={HACKNEY}"
    assert "HX-Push-Url" not in (await portal.get("/jobs?words=", headers={"HX-Trigger": "results"})).headers


async def test_the_first_page_says_what_is_shown_and_where_else_it_is(portal: Portal) -> None:
    """Without any role it says why it is empty; every search is a feed, a map, an API call and a subscription."""
    assert "No role is open just now" in (await portal.get("/jobs")).text
    await portal.hears(discovered(role()))
    text = (await portal.get("/jobs?level=senior")).text
    for address in (
        "/jobs.rss?level=senior",
        "/jobs.json?level=senior",
        "/api/roles?level=senior",
        "/jobs/map?level=senior",
    ):
        assert address in text
    assert "/subscribe?topic=new+role&amp;level=senior" in text
    assert re.findall(r"<title>(.*) – ", text) == ["Open roles: Senior"]


async def test_feeds_answer_readers_that_have_them_already(portal: Portal) -> None:
    """A reader that sends the feed's tag is told that nothing changed; after a new role it gets the feed."""
    await portal.hears(discovered(role("r1")))
    for path in ("/jobs.rss", "/jobs.json"):
        first = await portal.get(path)
        again = await portal.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    await portal.hears(discovered(role("r2")))
    later = await portal.get("/jobs.rss", headers={"If-None-Match": first.headers["ETag"]})
    assert later.content.count(b"<item>") == 2


async def test_the_api_says_what_the_topic_says(portal: Portal) -> None:
    """Roles come whole; pages follow each other; what is wrong is refused with its name; an unknown id is a 404."""
    await portal.hears(
        *(discovered(role(f"r{n:02}", found_at=FOUND - timedelta(hours=n))) for n in range(25))
    )
    first = (await portal.get("/api/roles?borough=hackney")).json()
    second = (await portal.get(first["next"])).json()
    ids = [one["id"] for one in first["roles"] + second["roles"]]
    assert ids == [f"r{n:02}" for n in range(25)]
    assert (first["total"], second["next"]) == (25, None)
    assert Role.model_validate((await portal.get("/api/roles/r03")).json()) == role(
        "r03", found_at=FOUND - timedelta(hours=3)
    )
    wrong = await portal.get("/api/roles?borough=Mars")
    assert wrong.status_code == 422
    assert "borough: “Mars”" in wrong.json()["detail"]
    assert (await portal.get("/api/roles/none")).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/jobs?words=%ff%fe&borough=%01&page=99999999999999999999&pay_from=9e99&since=-1",
        "/jobs?words=" + "(" * 300 + "&sort=;drop&level=%F0%9F%A6%84",
        "/jobs?words=the+and+of",
        "/jobs/map?borough=%01&since=99999999999",
        "/jobs.rss?words=%22",
        "/jobs.json?page=0",
    ],
)
async def test_no_address_breaks_the_board(portal: Portal, path: str) -> None:
    """Whatever stands in the address, a page comes back."""
    await portal.hears(discovered(role()))
    assert (await portal.get(path)).status_code == 200


@pytest.mark.parametrize("id_", ["none", "%00", "a%00b", "%ff%fe", "x" * 5_000])
async def test_an_unknown_role_is_not_found(portal: Portal, id_: str) -> None:
    """As a page, and for programs; never an error of ours."""
    assert (await portal.get(f"/jobs/{id_}")).status_code in (400, 404)
    assert (await portal.get(f"/api/roles/{id_}")).status_code in (400, 404, 422)
