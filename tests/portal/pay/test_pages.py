"""The pay explorer, as people and programs open it."""

import csv
import io
from datetime import UTC, datetime

import pytest

from loti_contracts.events import PaySignalRaised
from tests.portal.jobs.making import CAMDEN, HACKNEY, discovered, role
from tests.portal.pay.making import benchmark, contributed, signal, updated
from tests.portal.portal import Portal

SENIOR = "data-analyst.senior.london"


@pytest.fixture
async def told(portal: Portal) -> Portal:
    """Some roles, levels, areas and periods are known."""
    await portal.hears(
        updated(benchmark()),
        updated(benchmark(level="senior", middle=55_000_00, adverts=30, contributed=contributed())),
        updated(benchmark(level="lead", middle=66_000_00, adverts=2)),
        updated(benchmark(level="trainee", middle=None, adverts=1)),
        updated(benchmark(level="senior", area="inner", middle=57_000_00)),
        updated(benchmark("Software developer", middle=61_000_00)),
        updated(benchmark("Software developer", period="day", middle=520_00, adverts=12)),
        updated(benchmark("Service designer", adverts=0, bottom=None, middle=None, top=None)),
    )
    return portal


async def test_every_role_then_every_level(told: Portal) -> None:
    """Without a choice: each role with offers, by family. With a role: its levels, rising. Each row leads to its cell; no
    more is shown than so many adverts carry."""
    every = (await told.get("/pay")).text
    assert "Data analyst</a>" in every
    assert 'href="/pay/software-developer.all.london"' in every
    assert "Service designer</a>" not in every
    assert "<title" in every
    assert "£ a year" in every
    levels = (await told.get("/pay?role=Data+analyst")).text
    places = [
        levels.index(f'href="/pay/data-analyst.{level}.london"')
        for level in ("all", "trainee", "senior", "lead")
    ]
    assert places == sorted(places)
    assert "no advert prints where it ends" in levels
    assert levels.count("£66,000") == 1
    assert "£71,000" not in levels  # one in four above, of two adverts
    one = (await told.get("/pay?role=data analyst&level=senior&area=inner")).text
    assert "£57,000" in one
    assert "£55,000" not in one
    assert "£520" in (await told.get("/pay?period=day")).text


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("role=Data+Journalist", "There is no standard role “Data Journalist”"),
        ("level=boss", "There is no level “boss”"),
        ("area=north&period=hour", "There is no area “north”"),
        ("role=%27%3Cscript%3E", "There is no standard role “"),
    ],
)
async def test_what_is_unknown_is_left_out_and_said(told: Portal, query: str, hint: str) -> None:
    """The page shows the rest; a program gets nothing, and why."""
    page = await told.get(f"/pay?{query}")
    assert (page.status_code, hint in page.text) == (200, True)
    assert "Software developer" in page.text
    assert "<script>" not in page.text
    for path in ("/pay.csv", "/api/benchmarks"):
        assert (await told.get(f"{path}?{query}")).status_code == 422


async def test_an_empty_choice_says_so(told: Portal) -> None:
    """And leads to where there is something."""
    assert "gives comparable pay for this choice" in (await told.get("/pay?role=Service+designer")).text
    assert 'href="/pay?role=Data+analyst"' in (await told.get("/pay?role=Data+analyst&area=outer")).text


async def test_a_cell_tells_all_it_has(told: Portal) -> None:
    """Figures, months, contributed pay, other areas, signals, moves and adverts."""
    cell = benchmark(level="senior", middle=56_000_00, adverts=31, revision=2, contributed=contributed())
    await told.hears(updated(cell), PaySignalRaised(signal=signal(cell, "A range below P25 in Hackney.")))
    await told.hears(discovered(role("r-1", title="Senior Data Analyst", standard_role="Data analyst")))
    page = (await told.get(f"/pay/{SENIOR}")).text
    for words in (
        "The typical offer is £52,000 to £60,000 a year; its middle is £56,000.",
        "November 2026",
        "6 boroughs and about 45 posts",
        'href="/pay/data-analyst.senior.inner"',
        "A range below P25 in Hackney.",
        "How the figures moved",
        'href="/jobs/r-1"',
    ):
        assert words in page
    assert (await told.get("/pay/no-such.cell")).status_code == 404


async def test_a_boroughs_own_offers_stand_beside_the_benchmark(told: Portal) -> None:
    """Below, within, above; what cannot be compared says why. A member's own borough is chosen at first, and nobody is
    told what its borough contributed."""
    for id_, ends, other in (
        ("low", (40_000, 44_000), {}),
        ("mid", (53_000, 57_000), {}),
        ("high", (70_000, 80_000), {}),
        ("hour", (20, 22), {"period": "hour"}),
        ("none", None, {}),
    ):
        await told.hears(discovered(role(id_, title=id_, standard_role="Data analyst", pay=ends, **other)))
    page = (await told.get(f"/pay/{SENIOR}?borough={HACKNEY}")).text
    for words in (
        "Below: its",
        "Within: its",
        "Above: its",
        "it is paid by the hour",
        "the advert prints no pay",
    ):
        assert words in page
    assert "has advertised no such role" in (await told.get(f"/pay/{SENIOR}?borough={CAMDEN}")).text
    assert "Below: its" not in (await told.get(f"/pay/{SENIOR}")).text
    await told.as_member(HACKNEY)
    own = (await told.get(f"/pay/{SENIOR}")).text
    assert "Below: its" in own
    assert "What your own borough contributed stays with the pay service" in own


async def test_the_table_for_spreadsheets(told: Portal) -> None:
    """A line a cell that says anything, pounds of the period; nothing in it is run by a spreadsheet."""
    await told.hears(updated(benchmark("=HYPERLINK(1)", id="evil.all.london")))
    answer = await told.get("/pay.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert len(rows) == 8
    assert rows[SENIOR]["middle_p50_gbp"] == "55000.00"
    assert rows[SENIOR]["paid_p50_gbp"] == "48000.00"
    assert rows["data-analyst.trainee.london"]["middle_p50_gbp"] == ""
    assert rows["evil.all.london"]["standard_role"] == "'=HYPERLINK(1)"
    some = await told.get("/pay.csv?role=Data+analyst&area=inner&period=year&level=senior")
    assert [row["id"] for row in csv.DictReader(io.StringIO(some.text))] == ["data-analyst.senior.inner"]


async def test_programs_read_the_cells_whole(told: Portal) -> None:
    """As the events had them, page by page to the last; one by its id."""
    first = (await told.get("/api/benchmarks?most=5")).json()
    assert len(first["benchmarks"]) == 5
    rest = (await told.get(f"/api/benchmarks?most=5&after={first['next']}")).json()
    assert rest["next"] is None
    ids = [one["id"] for one in first["benchmarks"] + rest["benchmarks"]]
    assert ids == sorted(set(ids))
    assert len(ids) == 8
    one = (await told.get(f"/api/benchmarks/{SENIOR}")).json()
    assert one["middle"]["p50"] == 55_000_00
    missing = await told.get("/api/benchmarks/none")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")


async def test_a_figure_moves_with_its_event(told: Portal) -> None:
    """What the page shows is what was said last; an older statement changes nothing."""
    newer = benchmark(level="senior", middle=58_000_00, revision=3)
    await told.hears(updated(newer), at=datetime(2026, 11, 4, tzinfo=UTC))
    await told.hears(updated(benchmark(level="senior", middle=11_000_00, revision=2)))
    page = (await told.get(f"/pay/{SENIOR}")).text
    assert "its middle is £58,000" in page
