"""The first page: what is known just now, and what was heard last."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from services.portal.web.home.feed import feed
from tests.browser import Browser
from tests.portal.jobs.making import HACKNEY, SUTTON, closed, discovered, role
from tests.portal.library.making import published
from tests.portal.pay.making import benchmark, updated
from tests.portal.portal import Portal

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


async def test_an_empty_portal_says_why_it_is_empty(portal: Portal) -> None:
    """Nothing is there before anything was heard; the page says so, and what will come."""
    html = (await portal.get("/")).text
    assert "Nothing has been heard yet" in html


async def test_the_figures_are_counts_of_what_is_open_and_published(portal: Portal) -> None:
    """A closed role counts for nothing, nor does its borough; cells without adverts are no benchmarks."""
    gone = role("role-2", boroughs=(SUTTON,))
    await portal.hears(
        discovered(role("role-1", boroughs=(HACKNEY,))),
        discovered(gone),
        closed(gone, at=NOW),
        updated(benchmark("Data analyst")),
        updated(benchmark("Service designer", middle=None, adverts=0)),
        published("item-1"),
    )
    html = " ".join((await portal.get("/")).text.split())
    for number, words in (
        (1, "open role"),
        (1, "authority has them"),
        (1, "pay benchmark"),
        (1, "thing in the library"),
    ):
        assert f'>{words}</a></dt> <dd class="app-figures__number">{number}</dd>' in html


async def test_what_changes_appears_without_a_reload(served: Portal, browser: Browser) -> None:
    """A role that is heard while the page is open is on it; a list that the keyboard is in waits until it leaves."""

    def watch(tab: Page) -> None:
        tab.goto(served.settings.portal_url)
        tab.locator("#q").focus()
        asyncio.run_coroutine_threadsafe(_heard(), loop).result()
        expect(tab.get_by_role("link", name="Chief Ambient Officer")).to_be_visible()
        expect(tab.locator("#q")).to_be_focused()
        chief, deputy = (
            tab.get_by_role("link", name=f"{rank} Ambient Officer") for rank in ("Chief", "Deputy")
        )
        chief.focus()
        tab.evaluate(
            "document.body.addEventListener('htmx:afterRequest', () => document.body.dataset.asked = 'yes')"
        )
        asyncio.run_coroutine_threadsafe(_heard("role-2", "Deputy Ambient Officer"), loop).result()
        tab.locator("body[data-asked=yes]").wait_for()
        expect(chief).to_be_focused()
        assert deputy.count() == 0
        tab.locator("#q").focus()  # the keyboard leaves the list, which may change now
        expect(deputy).to_be_visible()

    async def _heard(id_: str = "role-1", title: str = "Chief Ambient Officer") -> None:
        while not served.site.live.listening:
            await asyncio.sleep(0.01)
        await served.hears(discovered(role(id_, title=title)))

    loop = asyncio.get_running_loop()
    await asyncio.to_thread(browser.on_a_page, watch)


def test_no_kind_hides_the_others() -> None:
    """A thousand benchmarks leave room for the roles before them; roles alone fill the page."""
    benchmarks = [_benchmark(f"cell-{n}", NOW - timedelta(seconds=n)) for n in range(12)]
    roles = [_role(f"role-{n}", NOW - timedelta(hours=n + 1)) for n in range(12)]
    told = feed([*benchmarks, *roles], most=12)
    assert {one.what for one in told} == {"Pay", "Job"}
    assert [one.what for one in feed(roles, most=12)] == ["Job"] * 12


@given(
    st.lists(st.tuples(st.sampled_from(["role", "benchmark"]), st.integers(0, 10_000)), max_size=40),
    st.integers(1, 12),
)
def test_the_newest_stand_first(rows: list[tuple[str, int]], most: int) -> None:
    """Whatever was heard, in whatever order: never more lines than asked for, never fewer than there could be, each
    linking to its own page."""
    made = [
        (_role if kind == "role" else _benchmark)(f"{kind}-{n}", NOW - timedelta(seconds=age))
        for n, (kind, age) in enumerate(rows)
    ]
    told = feed(made, most=most)
    assert len(told) == min(most, len(rows))
    assert [one.at for one in told] == sorted((one.at for one in told), reverse=True)
    assert len({one.url for one in told}) == len(told)


def _role(id_: str, at: datetime) -> dict[str, Any]:
    facts = {"title": "Data analyst", "employer": None, "boroughs": [HACKNEY], "low": 4_500_000, "high": None,
             "period": "year"}  # fmt: skip
    return {"what": "role", "id": id_, "at": at, "facts": facts}


def _benchmark(id_: str, at: datetime) -> dict[str, Any]:
    facts = {"role": "Data analyst", "level": "all", "area": "london", "period": "year", "adverts": 3,
             "middle": 4_700_000}  # fmt: skip
    return {"what": "benchmark", "id": id_, "at": at, "facts": facts}
