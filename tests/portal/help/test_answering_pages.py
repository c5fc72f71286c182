"""Answering a shortlist and telling what came of it: who may, what is said, and what each of them reads."""

from datetime import timedelta

import pytest

from loti_contracts.events import AnswerStated, ContactErased, ContactStated, MatchProposed, OutcomeStated
from tests.portal.help.making import (
    CAMDEN,
    HACKNEY,
    MEMBER,
    STATED,
    accepted_and_introduced,
    candidate,
    match,
    person,
    proposed,
)
from tests.portal.portal import Portal

AT = "/help/requests/request-1"


@pytest.fixture(autouse=True)
async def _proposed(portal: Portal) -> None:
    portal.clock.now = STATED + timedelta(hours=1)
    await portal.hears(*proposed())


async def test_a_borough_reads_who_could_help_and_why_and_accepts_one(portal: Portal) -> None:
    """The page has reasons with points, the pay, live adverts and who is left out; the answer names whom it accepts."""
    await portal.as_member(CAMDEN)
    page = (await portal.get(AT)).text
    for words in (
        "Ada Okafor", "Okafor Hiring", "Enterprise architect is one of the roles they know best.", "40 of 40", "£62,000",
        "Takes no requests at present.", "£60,000 - £70,000", "Accept Ada Okafor",
    ):  # fmt: skip
        assert words in page
    assert "Cleo" not in page
    assert "ada.okafor@" not in page
    assert (
        await portal.post(f"{AT}/answer", {"revision": "1", "accept": "supporter-ada"})
    ).status_code == 303
    (said,) = await portal.said()
    assert isinstance(said, AnswerStated)
    assert (said.answer.id, said.answer.answer, said.answer.supporter_id) == (
        "match-1",
        "accepted",
        "supporter-ada",
    )
    assert said.answer.stated_at == portal.clock.now
    after = (await portal.get(AT)).text
    assert "Ada Okafor was accepted" in after
    assert "Accept Ben Lee" not in after


async def test_nobody_answers_twice_or_what_they_did_not_see(portal: Portal) -> None:
    """A shortlist that changed is shown anew; a second answer, and one who is not on it, count for nothing."""
    await portal.as_member(CAMDEN)
    newer = match(revision=2, shortlist=(candidate("supporter-ben", "contact-ben"),))
    await portal.hears(MatchProposed(match=newer))
    refused = await portal.post(f"{AT}/answer", {"revision": "1", "accept": "supporter-ada"})
    assert refused.status_code == 409
    assert "The shortlist changed while you were looking at it" in refused.text
    assert (
        await portal.post(f"{AT}/answer", {"revision": "2", "accept": "supporter-ada"})
    ).status_code == 409
    assert (await portal.post(f"{AT}/answer", {"revision": "2"})).status_code == 303
    (said,) = await portal.said()
    assert isinstance(said, AnswerStated)
    assert (said.answer.answer, said.answer.supporter_id) == ("declined", None)
    assert (
        await portal.post(f"{AT}/answer", {"revision": "2", "accept": "supporter-ben"})
    ).status_code == 409
    assert len(await portal.said()) == 1


async def test_a_colleague_reads_letters_until_one_is_accepted(portal: Portal) -> None:
    """Who got no email with names reads none; after the acceptance the borough knows whom it meets, not the address."""
    colleague = person("contact-colleague", "Col League", "Camden", CAMDEN, roles=("hiring manager",))
    await portal.as_member(CAMDEN)
    await portal.hears(ContactStated(contact=colleague))
    await portal.as_contact(colleague.id)
    page = (await portal.get(AT)).text
    assert "Recruiter A" in page
    assert "Okafor" not in page
    assert "Names are shown to Mel Member" in page
    assert "Okafor" not in (await portal.get(f"{AT}/change")).text
    await portal.hears(*accepted_and_introduced())
    page = (await portal.get(AT)).text
    assert "Ada Okafor was introduced" in page
    assert "ada.okafor@" not in page
    await portal.as_contact(MEMBER)
    assert "ada.okafor@contact-ada.example" in (await portal.get(AT)).text


async def test_staff_read_who_is_left_out(portal: Portal) -> None:
    """LOTI's staff see every borough's requests, and the names of those who are not proposed."""
    await portal.as_staff()
    assert (
        "A recruiter for Enterprise architect" in (await portal.get(f"/help/requests?borough={CAMDEN}")).text
    )
    assert "No request fits" in (await portal.get(f"/help/requests?borough={HACKNEY}")).text
    assert "Cleo Hart, Hart Talent: Takes no requests at present." in (await portal.get(AT)).text


async def test_one_who_was_erased_leaves_no_name(portal: Portal) -> None:
    """An erasure takes the name from every page at once."""
    await portal.as_member(CAMDEN)
    await portal.hears(ContactErased(contact_id="contact-ada"))
    page = (await portal.get(AT)).text
    assert "Okafor" not in page
    assert "Recruiter A" in page


async def test_follow_ups_stand_with_their_days(portal: Portal) -> None:
    """Once the two are introduced the page lists when LOTI asks how it went."""
    await portal.as_member(CAMDEN)
    await portal.hears(*accepted_and_introduced())
    page = (await portal.get(AT)).text
    assert all(day in page for day in ("16 November 2026", "2 February 2027", "2 May 2027"))


async def test_either_of_the_two_tells_what_came_of_it_and_nobody_else(portal: Portal) -> None:
    """The borough and the supporter tell it; the same again is no news; others, and other results, are refused."""
    await portal.as_member(CAMDEN)
    assert (await portal.get(f"{AT}/outcome")).status_code == 404
    await portal.hears(*accepted_and_introduced())
    for result in ("", "enrolled"):
        assert (await portal.post(f"{AT}/outcome", {"result": result, "note": "x"})).status_code == 422
    for _ in range(2):
        assert (await portal.post(f"{AT}/outcome", {"result": "ongoing", "note": ""})).status_code == 303
    await portal.as_contact("contact-ben")
    assert (await portal.get("/supporting/introductions/match-1")).status_code == 404
    await portal.as_contact("contact-ada")
    portal.clock.pass_(hours=1)
    form = (await portal.get("/supporting/introductions/match-1")).text
    assert "We have heard: it is still going on" in form
    told = await portal.post("/supporting/introductions/match-1", {"result": "hired", "note": "One hire."})
    assert told.headers["location"] == "/supporting"
    said = [event.outcome for event in await portal.said() if isinstance(event, OutcomeStated)]
    assert [(one.id, one.revision, one.result) for one in said] == [
        ("match-1", 1, "ongoing"),
        ("match-1", 2, "hired"),
    ]
    assert "somebody was hired" in (await portal.get("/supporting")).text
    await portal.as_member(HACKNEY)
    assert (await portal.post(f"{AT}/outcome", {"result": "nothing"})).status_code == 404


async def test_one_who_is_only_proposed_reads_nothing_of_it(portal: Portal) -> None:
    """As by email: whoever is on a shortlist hears of it when accepted, and who is not accepted never does."""
    await portal.as_contact("contact-ada")
    assert "No borough has accepted you yet" in (await portal.get("/supporting")).text
    await portal.hears(*accepted_and_introduced())
    assert "Camden: a recruiter for Enterprise architect" in (await portal.get("/supporting")).text
    await portal.as_contact("contact-ben")
    assert "No borough has accepted you yet" in (await portal.get("/supporting")).text
