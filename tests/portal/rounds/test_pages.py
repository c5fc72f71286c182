"""The pages of rounds: what staff sees, what it says, and that nobody else does."""

import asyncio
from typing import Any

import pytest

from loti_contracts.events import Round, RoundDecided, RoundResult, RoundStated, Together
from tests.browser import Browser
from tests.portal.portal import Portal
from tests.portal.rounds.making import ROUND, events, result, round_

URL = f"/rounds/{ROUND}"
SEEN = {"revision": "1", "result_revision": "1"}
PAGES = ("/rounds", "/rounds/new", URL, f"{URL}/publish", f"{URL}/call-off")


@pytest.fixture
async def staffed(portal: Portal) -> Portal:
    """A round that was decided, and staff who looks at it."""
    await portal.hears(*events())
    await portal.as_staff()
    return portal


async def stated(portal: Portal) -> list[Round]:
    """The rounds that the portal said."""
    return [one.round for one in await portal.said() if isinstance(one, RoundStated)]


async def decided(portal: Portal, **facts: Any) -> None:
    """Matching says something else of the round."""
    usual = {"id": ROUND, "revision": 2, "round_revision": 2, "decided_at": portal.clock()}
    await portal.hears(RoundDecided(result=RoundResult.model_validate(usual | facts)))


async def test_rounds_are_for_staff_alone(portal: Portal) -> None:
    """Anybody is asked to sign in first; members of boroughs and supporters are told that the page is not for them, of
    rounds that there are and of those that there are not alike."""
    await portal.hears(*events())
    for path in (*PAGES, "/rounds/nothing"):
        portal.as_anybody()
        there = await portal.get(path)
        assert (there.status_code, there.headers["location"][:14]) == (303, "/sign-in?next=")
        await portal.as_member("E09000007")
        assert (await portal.get(path)).status_code == 403
    for path in ("/rounds/new", URL, f"{URL}/publish", f"{URL}/call-off"):
        assert (await portal.post(path, SEEN)).status_code == 403
    assert await stated(portal) == []


async def test_a_result_is_shown_with_names_scores_and_reasons(staffed: Portal) -> None:
    """Who goes with whom and why, who is left out and what would help, how fair it is, who has how many."""
    text = (await staffed.get(URL)).text
    for told in (
        "Asha Khan",
        "Ben Okoro",
        "Knows the role: Data engineer.",
        "Data engineer, Data analyst, lead",
        "Fred Marsh would have been matched",
        "What would pair more people",
        "5 of 6",
        "With fairness and without",
        "How many people each mentor is given",
        "To be looked at",
    ):
        assert told in text
    assert "request-asha." not in text
    assert "supporter supporter-" not in text
    listed = (await staffed.get("/rounds")).text
    assert "Spring mentoring 2027" in listed
    assert "5 of 6" in listed


async def test_a_round_is_asked_for_once(staffed: Portal) -> None:
    """The form states a round of those who were ticked, once however often it is sent; its page says that it is being
    decided."""
    form = {
        "form_id": "f1",
        "title": "Winter",
        "requests": ["request-asha", "request-bola"],
        "supporters": ["supporter-ben"],
        "related_only": "yes",
    }
    went = {(await staffed.post("/rounds/new?kind=mentor", form)).headers["location"] for _ in range(2)}
    (round_stated,) = await stated(staffed)
    assert round_stated.request_ids == ("request-asha", "request-bola")
    assert (round_stated.kind, round_stated.supporter_ids, round_stated.related_only, round_stated.seed) == (
        "mentor",
        ("supporter-ben",),
        True,
        0,
    )
    assert round_stated.contact_id == "contact-loti"
    (there,) = went
    assert "Being decided" in (await staffed.get(there)).text


async def test_a_form_with_faults_is_shown_again_as_it_was_filled_in(staffed: Portal) -> None:
    """What is wrong stands above it and beside the field; what was ticked is ticked; nothing is said."""
    form = {"form_id": "f1", "title": " ", "requests": ["request-asha", "request-gone"]}
    there = await staffed.post("/rounds/new", form)
    assert there.status_code == 422
    for told in ("There is a problem", 'href="#title"', 'href="#requests"', "answered meanwhile"):
        assert told in there.text
    assert 'value="request-asha" checked' in there.text
    assert await stated(staffed) == []


async def test_where_nobody_asks_the_page_says_so(portal: Portal) -> None:
    """Nothing is empty without saying why."""
    await portal.as_staff()
    assert "No round was run yet" in (await portal.get("/rounds")).text
    assert "no open requests for a university" in (await portal.get("/rounds/new?kind=university")).text


async def test_an_adjusted_round_is_stated_anew_and_shows_what_changed(staffed: Portal) -> None:
    """Chosen beside a pair or below, it becomes the round's next revision; the new result tells what is different."""
    first = result(round_())
    choices = {"pair-0": "apart", "pair-2": "together", "seed": "3"}
    assert (await staffed.post(URL, {**SEEN, **choices})).status_code == 303
    (after,) = await stated(staffed)
    apart, together = first.pairs[0], first.pairs[2]
    assert after.revision == 2
    assert after.status == "asked"
    assert after.seed == 3
    assert after.apart == (Together(request_id=apart.request_id, supporter_id=apart.supporter_id),)
    assert after.together == (Together(request_id=together.request_id, supporter_id=together.supporter_id),)
    assert "Being decided" in (await staffed.get(URL)).text
    await staffed.hears(RoundDecided(result=result(after, before=first, revision=2)))
    text = (await staffed.get(URL)).text
    assert "What changed" in text
    assert "You chose" in text
    assert "Asha Khan not with Ben Okoro" in text


async def test_faults_of_an_adjustment_are_told_at_their_fields(staffed: Portal) -> None:
    """One of two people, a draw that is no number: the page says what to do, and keeps what was chosen."""
    there = await staffed.post(URL, {**SEEN, "request": "request-asha", "seed": "a", "pair-1": "apart"})
    assert there.status_code == 422
    for told in ('href="#supporter"', 'href="#two"', 'href="#seed"', 'value="apart" selected'):
        assert told in there.text
    assert await stated(staffed) == []


async def test_a_round_is_published_as_it_was_looked_at(staffed: Portal) -> None:
    """A page asks first; then the very result that was looked at is published, and can only be called off."""
    assert "Publish 5 pairs" in (await staffed.get(f"{URL}/publish")).text
    assert (await staffed.post(f"{URL}/publish", SEEN)).status_code == 303
    (after,) = await stated(staffed)
    assert (after.status, after.result_revision, after.revision) == ("published", 1, 2)
    assert "Being published" in (await staffed.get(URL)).text
    published = result(round_()).model_dump() | {"revision": 2, "round_revision": 2, "status": "published"}
    await decided(staffed, **published)
    text = (await staffed.get(URL)).text
    assert "Published" in text
    assert "Run again" not in text
    assert "Call the round off" in text
    assert (await staffed.get(f"{URL}/publish")).headers["location"] == URL
    assert (await staffed.post(URL, {"revision": "2", "result_revision": "2"})).status_code == 409


async def test_what_was_refused_says_why_and_can_be_run_again(staffed: Portal) -> None:
    """When the world moved, the page says whom it concerns by name."""
    await staffed.post(f"{URL}/publish", SEEN)
    why = "Request request-asha and supporter supporter-ben: Has withdrawn from the list."
    await decided(staffed, status="refused", why=why)
    text = (await staffed.get(URL)).text
    assert "Not published" in text
    assert "Asha Khan and Ben Okoro: Has withdrawn from the list." in text
    assert (await staffed.post(URL, {"revision": "2", "result_revision": "2"})).status_code == 303
    assert (await stated(staffed))[-1].status == "asked"


async def test_a_round_is_called_off(staffed: Portal) -> None:
    """A page asks first; then nothing more can be done with it."""
    assert "Nobody was told of it" in (await staffed.get(f"{URL}/call-off")).text
    assert (await staffed.post(f"{URL}/call-off", SEEN)).status_code == 303
    assert (await stated(staffed))[-1].status == "cancelled"
    await decided(staffed, status="cancelled", why="The round was called off.")
    text = (await staffed.get(URL)).text
    assert "Called off" in text
    assert "Call the round off" not in text
    assert (
        await staffed.post(f"{URL}/call-off", {"revision": "2", "result_revision": "2"})
    ).status_code == 409


@pytest.mark.parametrize("path", [URL, f"{URL}/publish", f"{URL}/call-off"])
async def test_what_somebody_else_changed_meanwhile_is_looked_at_first(staffed: Portal, path: str) -> None:
    """A form that was made for an older round or result changes nothing; nor does one from elsewhere."""
    for seen in ({"revision": "2", "result_revision": "1"}, {"revision": "1", "result_revision": "9"}, {}):
        assert (await staffed.post(path, seen)).status_code == 409
    assert (await staffed.post(path, {**SEEN, "csrf": "forged"})).status_code == 403
    assert await stated(staffed) == []


@pytest.mark.parametrize(
    "path",
    [
        "/rounds?page=0",
        "/rounds?page=-1",
        "/rounds?page=9999999999999",
        "/rounds?page=x",
        "/rounds/new?kind=nothing",
    ],
)
async def test_an_odd_address_is_the_nearest_page(staffed: Portal, path: str) -> None:
    """What cannot be meant is passed over."""
    assert (await staffed.get(path)).status_code == 200


async def test_what_is_not_there_is_not_found(staffed: Portal) -> None:
    """Unknown ids, with characters that no id has, are no page."""
    for id_ in ("nothing", "%FF%FE", "a" * 300):
        assert (await staffed.get(f"/rounds/{id_}")).status_code == 404


async def test_the_result_is_accessible_wide_and_narrow(served: Portal, browser: Browser) -> None:
    """axe finds nothing at 320 and at 1280 pixels, and nothing is wider than the screen."""
    await served.hears(*events())
    await served.as_staff()
    views = [(320, False), (1280, False)]
    url = served.settings.portal_url + URL
    narrow, wide = await asyncio.to_thread(browser.looks, url, views, prepare=served.into)
    assert (narrow.problems, wide.problems) == ((), ())
    assert (narrow.content_width, wide.content_width) == (320, 1280)
