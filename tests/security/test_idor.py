"""Whose thing an address names: every address of the portal with an id, asked with every id of somebody else's things, by
everybody who is not that somebody. What a borough, a supporter or a contributor said to LOTI alone is shown to nobody else,
and is changed by nobody else."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import httpx2
import pytest

from loti_contracts.events import Event, MatchIntroduced, RequestStated
from tests.portal.help.making import CAMDEN, HACKNEY, introduced, request
from tests.portal.library.making import OFFER
from tests.portal.portal import Portal
from tests.portal.web.walking import _routes
from tests.portal.world import NOW, events

NOTE: Final = "The panel is split over the budget of Camden"
PEOPLE: Final = (
    "Ada Okafor",
    "Ben Lee",
    "Cleo Hart",
    "ada.okafor@",
    "ben.lee@",
    "cleo.hart@",
    f"member-{CAMDEN}",
)
MARKS: Final = (NOTE, *PEOPLE)
"""What no stranger may read: words that were said to LOTI, and people's names and addresses."""
THEIRS: Final[Mapping[str, Sequence[str]]] = {
    "request_id": ("request-1", "request-met", "contact-ada"),
    "match_id": ("match-1", "match-met"),
    "supporter_id": ("supporter-ada", "contact-ada"),
    "draft_id": (OFFER,),
    "item_id": (OFFER,),
}
"""By the name of a place in an address: ids that Camden's or a supporter's things have, and such as are of another kind."""
OPEN: Final = {"/openapi.json", "/live", "/static/{name}"}
EVERYTHING: Final[Mapping[str, str]] = {
    "accept": "supporter-ada", "revision": "1", "result": "hired", "note": "x", "verdict": "publish", "why": "because",
    "seen": "1", "back": "2026-12-24", "kind": "recruiter", "borough": CAMDEN, "capacity": "9", "skills": "Cloud",
    "do": "offer", "sure": "yes", "what": "x", "how": "works", "title": "Mine now", "text": "Mine now",
}  # fmt: skip
"""A field for whatever any form may ask."""


def world() -> Iterator[Event]:
    """Everything of the autumn world, with a note that is Camden's alone on each of its requests."""
    for event in events():
        if isinstance(event, RequestStated) and event.request.borough == CAMDEN:
            yield RequestStated(request=event.request.model_copy(update={"note": NOTE}))
        else:
            yield event
    met = introduced("match-met", request_id="request-met")
    yield RequestStated(request=request("request-met", note=NOTE))
    yield MatchIntroduced(match=met)


async def _nobody(portal: Portal) -> None:
    portal.as_anybody()


STRANGERS: Final = {
    "anybody": _nobody,
    "another borough": lambda portal: portal.as_member(HACKNEY),
    "a supporter who is on no shortlist": lambda portal: portal.as_supporter("contact-sid"),
}


@pytest.mark.parametrize("who", STRANGERS)
async def test_a_stranger_reads_nothing(portal: Portal, who: str) -> None:
    """No page, whichever id stands in its address or its query, shows a stranger what was said for others."""
    await _settled(portal)
    await STRANGERS[who](portal)
    asked = 0
    for path in _addresses(portal, "GET"):
        answer = await portal.get(path)
        asked += 1
        assert answer.status_code < 500, path
        found = [mark for mark in MARKS if mark in answer.text]
        assert not found, f"{path} tells {who} {found}"
    assert asked > 50


@pytest.mark.parametrize("who", STRANGERS)
async def test_a_stranger_changes_nothing(portal: Portal, who: str) -> None:
    """No form, sent to whichever id, says anything about a thing of somebody else, or changes how it stands."""
    await _settled(portal)
    await STRANGERS[who](portal)
    before, asked = await _said(portal), 0
    for path in _addresses(portal, "POST"):
        answer = await portal.post(path, EVERYTHING)
        asked += 1
        assert answer.status_code < 500, path
        now = await _said(portal)
        if path.startswith("/library/") and path.endswith(
            "/join"
        ):  # for every borough to join, under its own name
            assert who != "anybody" or now == before
            before = now
        assert now == before, f"{who} said something by {path}"
    assert asked > 20


async def test_the_owner_reads_and_changes_it(portal: Portal) -> None:
    """The same addresses, by whom they are for: the note is shown, and an answer is said. So the tests above could fail."""
    await _settled(portal)
    await portal.as_member(CAMDEN)
    assert NOTE in (await portal.get("/help/requests/request-1")).text
    assert "Ada Okafor" in (await portal.get("/help/requests/request-met")).text
    before = await _said(portal)
    assert (await portal.post("/help/requests/request-1/withdraw", EVERYTHING)).status_code == 303
    assert await _said(portal) != before
    await portal.as_contact("contact-ada")
    assert (await portal.get("/supporting/introductions/match-met")).status_code == 200
    await portal.as_staff()
    assert (await portal.get(f"/library/drafts/{OFFER}")).status_code == 200


async def test_a_form_cannot_name_another_borough_or_person(portal: Portal) -> None:
    """A request, an offer or a choice is said for whoever is signed in, whatever ids and boroughs the form names."""
    await _settled(portal)
    await portal.as_member(HACKNEY)
    mine = f"contact-member-{HACKNEY}"
    theirs = {"borough": CAMDEN, "contact_id": "contact-ada", "contact": "contact-ada", "id": "request-1",
              "requester_contact_id": "contact-ada", "supporter_id": "supporter-ada"}  # fmt: skip
    asks = {
        "standard_role": "Data architect",
        "level": "lead",
        "purpose": "recruitment",
        "title": "x",
        "note": "x",
    }
    offers = {"roles": "Data architect", "capacity": "1", "kind": "recruiter"}
    for path, fields in (
        ("/help/ask/recruiter", asks), ("/help/ask/mentor", asks), ("/supporting/new?kind=recruiter", offers),
        ("/me", {}), ("/subscribe", {}), ("/library/contribute/challenge", {"title": "x", "do": "offer"}),
    ):  # fmt: skip
        await portal.post(path, {**fields, **theirs})
    for event in await portal.said():
        said = event.state.model_dump(mode="json")
        assert said.get("contact_id", mine) == mine, said
        assert said.get("borough") in (None, HACKNEY), said
        assert said["id"] not in ("request-1", "contact-ada", "supporter-ada"), said


async def _settled(portal: Portal) -> None:
    portal.clock.now = NOW
    await portal.hears(*world())
    await portal.as_member(CAMDEN)


def _addresses(portal: Portal, method: str) -> Iterator[str]:
    """Every address with each id that may stand in it; of pages without one, those that can be asked for by a query. Forms
    without an id are about whoever sends them."""
    for route in _routes(portal.app.router):
        if method not in (route.methods or ()) or route.path in OPEN or route.path.startswith("/sign-"):
            continue
        places = re.findall(r"\{(\w+)\}", route.path)
        if not places and method == "GET":
            yield f"{route.path}?{httpx2.QueryParams(borough=CAMDEN, contact='contact-ada', id='request-1')}"
        for id_ in THEIRS.get(places[0], ("contact-ada",)) if places else ():
            for do in ("pause", "withdraw") if "do" in places else ("",):
                yield route.path.format(**dict.fromkeys(places, id_) | ({"do": do} if do else {}))


async def _said(portal: Portal) -> tuple[Any, ...]:
    """All that the portal said, and how everything stands."""
    rows = await portal.pool.fetch(
        """SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit),
                  (SELECT md5(string_agg(request::text, '' ORDER BY id)) FROM request),
                  (SELECT md5(string_agg(supporter::text, '' ORDER BY id)) FROM supporter)"""
    )
    return tuple(rows[0])
