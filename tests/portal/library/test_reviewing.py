"""Reviewing: LOTI's staff publish or return what was offered, and nobody else sees it."""

import pytest

from loti_contracts.events import Event, ReviewStated
from tests.portal.library import making
from tests.portal.library.making import BARNET, CAMDEN, HACKNEY, NOW, content
from tests.portal.portal import Clock, Portal

OFFER = "00000000-0000-0000-0000-000000000009"


@pytest.fixture
def clock() -> Clock:
    """The day of the world in `making`."""
    return Clock(NOW)


@pytest.fixture
async def offered(portal: Portal) -> Portal:
    """Camden's member offered a new text for what is published, and the library made a draft of it."""
    who = f"contact-member-{CAMDEN}"
    new = content(
        body="## What you will do\n\n- advise directors\n- <b>lead</b> a team", summary="Another summary."
    )
    await portal.as_member(CAMDEN)
    await portal.hears(
        making.published(),
        making.contribution(OFFER, who, content=new, note="It was too long."),
        making.draft(OFFER, content=new, contact_id=who, note="It was too long."),
    )
    await portal.as_staff()
    return portal


def _reviews(events: list[Event]) -> list[tuple[str, int | None, str | None]]:
    return [
        (event.review.verdict, event.review.draft_revision, event.review.why)
        for event in events
        if isinstance(event, ReviewStated)
    ]


async def test_a_reviewer_sees_what_would_change_and_who_offered_it(offered: Portal) -> None:
    """Line by line against what is published, with tags as text, and the note."""
    assert "Enterprise architect, senior" in (await offered.get("/library/drafts")).text
    shown = (await offered.get(f"/library/drafts/{OFFER}")).text
    assert "<del>- draw how systems fit together</del>" in shown
    assert "<ins>- &lt;b&gt;lead&lt;/b&gt; a team</ins>" in shown
    assert "<ins>Another summary.</ins>" in shown
    assert "It was too long." in shown
    assert "Mel Member" in shown


async def test_publishing_is_said_with_the_revision_that_was_seen(offered: Portal) -> None:
    """Once: the page says that the library is doing so, and a second click is told to look again."""
    path = f"/library/drafts/{OFFER}"
    assert (await offered.post(path, {"verdict": "publish", "seen": "1"})).status_code == 303
    assert _reviews(await offered.said()) == [("publish", 1, None)]
    assert "the library is doing so" in (await offered.get(path)).text
    await offered.hears(making.draft(OFFER, revision=2, status="published", reviewed_at=NOW))
    assert (await offered.post(path, {"verdict": "publish", "seen": "1"})).status_code == 409
    assert (await offered.post(path, {"verdict": "publish", "seen": "2"})).status_code == 409
    assert len(await offered.said()) == 1


async def test_a_draft_that_is_another_by_now_is_not_published(offered: Portal) -> None:
    """Who offered it changed it after the reviewer opened the page."""
    await offered.hears(making.draft(OFFER, revision=2, content=content("Quite another")))
    assert (
        await offered.post(f"/library/drafts/{OFFER}", {"verdict": "publish", "seen": "1"})
    ).status_code == 409
    assert await offered.said() == []


async def test_returning_needs_a_reason_which_the_one_who_offered_reads(offered: Portal) -> None:
    """Without one the page asks for it."""
    path = f"/library/drafts/{OFFER}"
    answer = await offered.post(path, {"verdict": "return", "seen": "1"})
    assert answer.status_code == 422
    assert "Say what is to be changed" in answer.text
    assert (
        await offered.post(path, {"verdict": "return", "seen": "1", "why": "Name the level."})
    ).status_code == 303
    assert _reviews(await offered.said()) == [("return", 1, "Name the level.")]
    back = making.draft(OFFER, revision=2, status="returned", why="Name the level.", reviewed_at=NOW)
    await offered.hears(back)
    await offered.as_member(CAMDEN)
    shown = (await offered.get(path)).text
    assert "Returned" in shown
    assert "Name the level." in shown
    assert "Change it" in shown


async def test_a_reviewer_mends_before_publishing(offered: Portal) -> None:
    """What is said holds the mended text; what the form does not ask for stays."""
    path = f"/library/drafts/{OFFER}/edit"
    assert "Another summary." in (await offered.get(path)).text
    sent = {
        "seen": "1",
        "title": "Enterprise architect (senior)",
        "summary": "Mended.",
        "body": "Text",
        "roles": "Enterprise architect",
        "levels": "senior",
        "why": "I shortened it.",
    }
    assert "Mended." in (await offered.post(path, sent | {"do": "preview"})).text
    assert await offered.said() == []
    assert (await offered.post(path, sent | {"do": "publish", "title": ""})).status_code == 422
    assert (await offered.post(path, sent | {"do": "publish"})).status_code == 303
    (event,) = await offered.said()
    assert isinstance(event, ReviewStated)
    mended = event.review.content
    assert mended is not None
    assert (mended.title, mended.summary, event.review.why) == (sent["title"], "Mended.", "I shortened it.")


async def test_who_joined_a_challenge_meanwhile_stays_in_it(portal: Portal) -> None:
    """Barnet's offer was made before Hackney's was published: publishing it keeps Hackney."""
    before = making.challenge().item
    barnet = content(
        **before.model_dump(include={"title", "summary", "community", "working_on"}),
        boroughs=(CAMDEN, BARNET),
    )
    await portal.hears(
        making.challenge(revision=2, boroughs=(CAMDEN, HACKNEY)),
        making.draft(OFFER, kind="challenge", item_id="challenge-1", content=barnet),
    )
    await portal.as_staff()
    assert (
        await portal.post(f"/library/drafts/{OFFER}", {"verdict": "publish", "seen": "1"})
    ).status_code == 303
    (event,) = await portal.said()
    assert isinstance(event, ReviewStated)
    assert event.review.content is not None
    assert event.review.content.boroughs == (CAMDEN, HACKNEY, BARNET)


async def test_an_assembled_draft_shows_its_sources(portal: Portal) -> None:
    """Each advert that it was put together from, with a link."""
    await portal.hears(making.assembled())
    await portal.as_staff()
    shown = (await portal.get("/library/drafts/assembled-1")).text
    assert "put together from adverts" in shown
    assert '<a class="govuk-link" href="/jobs/role-2">Senior Enterprise Architect</a>, Barnet' in shown


async def test_an_item_is_retired_once(portal: Portal) -> None:
    """By LOTI's staff; the page says that the library is doing so, and then that it is retired."""
    await portal.hears(making.published())
    await portal.as_member(CAMDEN)
    assert (await portal.post("/library/item-1/retire")).status_code == 403
    await portal.as_staff()
    assert (await portal.post("/library/item-1/retire", {"why": "Too old."})).status_code == 303
    assert _reviews(await portal.said()) == [("retire", None, "Too old.")]
    assert "A reviewer said to retire it" in (await portal.get("/library/item-1")).text
    await portal.hears(making.retired())
    assert "Retired on 20 November 2026" in (await portal.get("/library/item-1")).text
    assert "item-1" not in (await portal.get("/library")).text


async def test_drafts_are_for_staff_and_for_who_offered_them(offered: Portal) -> None:
    """Anybody is asked to sign in, another member finds nothing, and no member can review."""
    path = f"/library/drafts/{OFFER}"
    offered.as_anybody()
    assert (await offered.get(path)).status_code == 303
    assert (await offered.get("/library/drafts")).status_code == 303
    await offered.as_member(HACKNEY)
    assert (await offered.get(path)).status_code == 404
    assert "Another summary" not in (await offered.get("/library/drafts")).text
    await offered.as_member(CAMDEN)
    assert "Publish</button>" not in (await offered.get(path)).text
    assert (await offered.post(path, {"verdict": "publish", "seen": "1"})).status_code == 403
    assert (await offered.get(f"{path}/edit")).status_code == 403
    assert await offered.said() == []
