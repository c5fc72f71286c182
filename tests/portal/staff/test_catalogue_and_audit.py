"""The catalogue of events, and the log of who did what."""

import pytest

from loti_contracts.events import EVENTS, topic_named
from services.portal.staff import catalogue
from tests.portal.jobs.making import HACKNEY, discovered, role
from tests.portal.portal import Portal
from tests.portal.staff.making import letter, parked


async def test_every_event_has_its_page(portal: Portal) -> None:
    """The index leads to each, which tells its topic and fields; one that there is not is a 404."""
    index = (await portal.get("/events-catalogue")).text
    assert all(f'href="/events-catalogue/{type_}"' in index for type_ in EVENTS)
    for type_, event in list(EVENTS.items())[::6]:
        described = catalogue.described(type_)
        assert described is not None
        assert event.topic in described
        assert "<th" not in described or "<th></th>" not in described
    page = (await portal.get("/events-catalogue/london.loti.role.discovered.v1")).text
    assert "role.standard_role.family" in page
    assert "ONS GSS code" in page
    for missing in ("london.loti.nothing.v1", "%2E%2E", "%F0%9F%98%80"):
        assert (await portal.get(f"/events-catalogue/{missing}")).status_code == 404


async def test_an_example_is_of_what_anybody_may_see(portal: Portal) -> None:
    """A role is; nothing of a topic about people, or of a borough alone, ever is."""
    await portal.hears(discovered(role("r-1", title="Data Wrangler")), parked(letter()))
    assert "Data Wrangler" in (await portal.get("/events-catalogue/london.loti.role.changed.v1")).text
    assert "Example" not in (await portal.get("/events-catalogue/london.loti.message.parked.v1")).text
    for type_, event in EVENTS.items():
        topic = topic_named(event.topic)
        if topic.restricted or topic.name.split(".")[1] in (
            "requests",
            "matches",
            "answers",
            "supporters",
            "drafts",
        ):
            assert catalogue.example_of(type_) is None


@pytest.fixture
async def logged(portal: Portal) -> Portal:
    """Staff asked for two replays."""
    await portal.hears(*(parked(letter(n)) for n in (1, 2)))
    await portal.as_staff()
    for n in (1, 2):
        await portal.post("/system/replay", {"letter": letter(n).id})
    return portal


async def test_who_did_what(logged: Portal) -> None:
    """With name, deed, event and thing; of one person, of one thing, newest first."""
    page = (await logged.get("/audit")).text
    assert page.count("Asked for a dead letter to be handled again") == 2
    assert "Sam Staff" in page
    assert page.index(letter(2).id) < page.index(letter(1).id)
    about = (await logged.get(f"/audit?about={letter(1).id}")).text
    assert about.count("Asked for a dead letter") == 1
    assert "Nothing of that kind" in (await logged.get("/audit?who=nobody")).text
    assert "Nothing of that kind" in (await logged.get("/audit?before=0")).text
    for query in ("before=-1", "before=x", "before=" + "9" * 40, "who=%FF", "before=%C2%B2"):
        assert (await logged.get(f"/audit?{query}")).status_code == 200


async def test_the_log_is_read_on_where_a_page_ends(logged: Portal) -> None:
    """Each line once, over as many pages as it takes."""
    await logged.pool.execute(
        "INSERT INTO audit (what, subject) SELECT 'looked', n::text FROM generate_series(1, 120) n"
    )
    path, lines = "/audit", 0
    while path:
        page = (await logged.get(path)).text
        lines += page.count("Looked")
        older = page.partition('">Older</a>')[0].rpartition('href="')[2] if '">Older</a>' in page else ""
        path = older.replace("&amp;", "&")
    assert lines == 120
    await logged.as_member(HACKNEY)
    assert (await logged.get("/audit")).status_code == 403
