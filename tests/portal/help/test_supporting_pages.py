"""A supporter's own pages: what they say is what is said, and it is nobody else's to change."""

from datetime import date, timedelta

import pytest

from loti_contracts.events import Available, ContactStated, SupporterStated
from tests.portal.help.making import HACKNEY, MEMBER, STATED, person, proposed, supporter
from tests.portal.portal import Portal

ADA = "/supporting/listings/supporter-ada"


@pytest.fixture(autouse=True)
def _today(portal: Portal) -> None:
    portal.clock.now = STATED + timedelta(days=1)


async def said(portal: Portal) -> SupporterStated:
    """What was said last."""
    event = (await portal.said())[-1]
    assert isinstance(event, SupporterStated)
    return event


async def test_somebody_new_offers_help_and_is_listed_once(portal: Portal) -> None:
    """A member of a borough offers to mentor; the form sent twice lists one supporter, who then has the page."""
    await portal.as_member(HACKNEY)
    assert "You are not on the list of people who help yet" in (await portal.get("/supporting")).text
    assert "What are you?" in (await portal.get("/supporting/new")).text
    form = (await portal.get("/supporting/new?kind=mentor")).text
    assert f'<option value="{HACKNEY}" selected>' in form
    fields = {
        "kind": "mentor", "form_id": "a" * 32, "offers": ["mentoring"], "roles": ["Service designer", "User researcher"],
        "skills": "Facilitation", "level": "lead", "languages": "Bengali", "capacity": "2", "own_borough": HACKNEY,
        "not_for": ["E09000001"], "prefers_families": ["User-centred design"],
        "span-1-first": "1/12/2026", "span-1-last": "31 March 2027", "span-2-first": "2027-05-01", "span-2-capacity": "1",
        "evidence-1-what": "People mentored in 2025", "evidence-1-good": "3", "evidence-1-of": "4",
    }  # fmt: skip
    for _ in range(2):
        assert (await portal.post("/supporting/new", fields)).headers["location"] == "/supporting"
    (event,) = await portal.said()
    assert isinstance(event, SupporterStated)
    one = event.supporter
    assert (one.kind, one.contact_id, one.level) == ("mentor", f"contact-member-{HACKNEY}", "lead")
    assert one.roles == ("Service designer", "User researcher")
    assert one.available == (
        Available(first=date(2026, 12, 1), last=date(2027, 3, 31)),
        Available(first=date(2027, 5, 1), capacity=1),
    )
    assert one.prefers is not None
    assert one.prefers.families == ("User-centred design",)
    page = (await portal.get("/supporting")).text
    for words in (
        "From 1 December 2026 until 31 March 2027",
        "From 1 May 2027, 1 at a time",
        "City of London",
    ):
        assert words in page


async def test_faults_and_further_rows_lose_nothing(portal: Portal) -> None:
    """A wrong form comes back with what was typed; so does one that asks for another row, and neither says anything."""
    await portal.as_member(HACKNEY)
    typed = {
        "kind": "university",
        "department-1-name": "Statistics",
        "department-1-students": "x",
        "capacity": "",
    }
    answer = await portal.post("/supporting/new", typed)
    assert answer.status_code == 422
    assert 'href="#department-1-students"' in answer.text
    assert 'href="#capacity"' in answer.text
    more = (await portal.post("/supporting/new", {**typed, "more": "department"})).text
    assert 'value="Statistics"' in more
    assert 'id="department-3-name"' in more
    assert "There is a problem" not in more
    assert await portal.said() == []
    assert (await portal.post("/supporting/new", {"kind": "wizard"})).status_code == 422


async def test_an_offer_is_changed_by_its_owner_alone(portal: Portal) -> None:
    """Ada changes hers, of the page that she saw; for Ben it does not exist."""
    await portal.hears(*proposed())
    await portal.as_contact("contact-ben")
    assert (await portal.get(ADA)).status_code == 404
    for path in (ADA, f"{ADA}/withdraw", f"{ADA}/pause"):
        assert (await portal.post(path, {"revision": "1", "back": "1 May 2027"})).status_code == 404
    await portal.as_contact("contact-ada")
    assert (await portal.get(ADA)).status_code == 200
    values = {"revision": "1", "families": "Data", "capacity": "5"}
    assert (await portal.post(ADA, values)).status_code == 303
    one = (await said(portal)).supporter
    assert (one.revision, one.families, one.capacity, one.kind) == (2, ("Data",), 5, "recruiter")
    assert one.stated_at == portal.clock.now
    assert (await portal.post(ADA, values)).status_code == 409


async def test_a_pause_ends_on_its_day_or_when_one_is_back(portal: Portal) -> None:
    """Paused, one is available from the day named on; back, from today; a day that cannot be is refused."""
    await portal.hears(*proposed())
    await portal.as_contact("contact-ada")
    for wrong in ("", "yesterday", "3 November 2026"):
        assert (await portal.post(f"{ADA}/pause", {"back": wrong})).status_code == 422
    assert await portal.said() == []
    assert (await portal.post(f"{ADA}/pause", {"back": "1 March 2027"})).status_code == 303
    assert (await said(portal)).supporter.available == (Available(first=date(2027, 3, 1)),)
    assert "from 1 March 2027 on" in (await portal.get("/supporting")).text
    assert (await portal.post(f"{ADA}/back")).status_code == 303
    assert (await said(portal)).supporter.available == (Available(first=date(2026, 11, 3)),)
    assert "end the pause" not in (await portal.get("/supporting")).text


async def test_one_withdraws_renews_and_is_listed_again(portal: Portal) -> None:
    """Each says the whole offer with what changed; what makes no difference says nothing."""
    await portal.hears(*proposed())
    await portal.as_contact("contact-ada")
    assert (await portal.post(f"{ADA}/renew")).status_code == 303
    assert (await said(portal)).changed == ("stated_at",)
    for _ in range(2):
        await portal.post(f"{ADA}/withdraw")
    assert (await said(portal)).supporter.status == "withdrawn"
    assert len(await portal.said()) == 2
    assert "You are proposed to nobody" in (await portal.get("/supporting")).text
    await portal.post(f"{ADA}/list")
    assert (await said(portal)).supporter.status == "listed"
    assert (await portal.post(f"{ADA}/explode")).status_code == 404


async def test_a_pause_past_ones_last_day_is_refused_with_what_to_do(portal: Portal) -> None:
    """Whoever would be available on no day is told to change the days or to withdraw."""
    until = supporter(available=({"last": "2026-12-31"},))
    await portal.hears(
        ContactStated(contact=person("contact-ada", "Ada Okafor", "Okafor Hiring")),
        SupporterStated(supporter=until),
    )
    await portal.as_contact("contact-ada")
    answer = await portal.post(f"{ADA}/pause", {"back": "1 March 2027"})
    assert answer.status_code == 422
    assert "change your days, or withdraw from the list" in answer.text


async def test_whoever_is_not_signed_in_signs_in_first(portal: Portal) -> None:
    """Every page of a supporter leads to the sign-in, and back."""
    for path in ("/supporting", "/supporting/new", ADA, f"/supporting/introductions/{MEMBER}"):
        answer = await portal.get(path)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")
