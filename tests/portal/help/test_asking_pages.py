"""Asking for help on the pages: what is said, what is refused, and who sees it."""

import re
from datetime import timedelta
from typing import Any

import pytest

from loti_contracts.events import ContactStated, MatchAnswered, MatchWithdrawn, RequestStated
from tests.portal.help.making import CAMDEN, HACKNEY, MEMBER, STATED, match, person, proposed, request
from tests.portal.jobs.making import discovered, role
from tests.portal.portal import Portal

FILLED: dict[str, Any] = {
    "form_id": "f" * 32,
    "purpose": "recruitment",
    "standard_role": "Enterprise architect",
    "level": "senior",
    "skills": "Cloud, Modelling",
    "start-day": "7",
    "start-month": "1",
    "start-year": "2027",
    "weeks": "12",
    "minimum_level": "lead",
    "not_boroughs": [HACKNEY],
    "note": "Two interviews.\r\nIn January.",
}


@pytest.fixture(autouse=True)
def _today(portal: Portal) -> None:
    portal.clock.now = STATED + timedelta(days=1)


async def asked(portal: Portal) -> RequestStated:
    """The one request that was said."""
    (event,) = await portal.said()
    assert isinstance(event, RequestStated)
    return event


async def test_what_is_asked_on_the_form_is_said_once_with_all_of_it(portal: Portal) -> None:
    """A form sent twice makes one request of the member's own borough, and leads to its page."""
    await portal.as_member(CAMDEN)
    first = await portal.post("/help/ask/recruiter", FILLED)
    again = await portal.post("/help/ask/recruiter", FILLED)
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    said = (await asked(portal)).request
    assert said.model_dump(exclude={"id", "stated_at"}, exclude_defaults=True, mode="json") == {
        "revision": 1,
        "kind": "recruiter",
        "purpose": "recruitment",
        "borough": CAMDEN,
        "contact_id": MEMBER,
        "standard_role": "Enterprise architect",
        "level": "senior",
        "skills": ["Cloud", "Modelling"],
        "start": "2027-01-07",
        "weeks": 12,
        "minimum_level": "lead",
        "not_boroughs": [HACKNEY],
        "note": "Two interviews.\nIn January.",
    }
    shown = (await portal.get(first.headers["location"])).text
    assert "We are looking for a recruiter" in shown
    assert "7 January 2027" in shown
    assert await portal.pool.fetchval("SELECT what FROM audit") == "asked for help"


async def test_faults_are_told_at_their_fields_and_nothing_typed_is_lost(portal: Portal) -> None:
    """A form with faults says nothing; it comes back with what was typed and a link to each field."""
    await portal.as_member(CAMDEN)
    wrong = {
        **FILLED,
        "start-month": "13",
        "weeks": "many",
        "standard_role": "Wizard",
        "note": "Kept as it is",
    }
    answer = await portal.post("/help/ask/recruiter", wrong)
    assert answer.status_code == 422
    links = re.findall(r'href="#([\w-]+)"', answer.text)
    assert [link for link in links if link != "main"] == ["standard_role", "start-day", "weeks"]
    assert all(f'id="{link}"' in answer.text for link in links)
    assert "Kept as it is" in answer.text
    assert 'value="many"' in answer.text
    assert await portal.said() == []


async def test_only_members_ask_and_only_for_what_there_is(portal: Portal) -> None:
    """Anybody is sent to sign in and comes back; a supporter is told whose page it is; there is no fifth kind."""
    to = await portal.get("/help/ask/mentor?standard_role=Data%20analyst")
    assert to.status_code == 303
    assert to.headers["location"].startswith("/sign-in?next=%2Fhelp%2Fask%2Fmentor")
    await portal.as_supporter("contact-ada")
    assert (await portal.get("/help/ask/mentor")).status_code == 403
    await portal.as_member(CAMDEN)
    assert (await portal.get("/help/ask/magician")).status_code == 404


@pytest.mark.parametrize("kind", ["recruiter", "mentor", "university", "training"])
async def test_every_kind_of_help_has_its_form(portal: Portal, kind: str) -> None:
    """Each is asked for with a note alone, and says its kind and what it usually is for."""
    await portal.as_member(CAMDEN)
    form = (await portal.get(f"/help/ask/{kind}")).text
    assert ('id="apprenticeship_standard"' in form) == (kind == "training")
    assert ('id="languages"' in form) == (kind == "mentor")
    assert (await portal.post(f"/help/ask/{kind}", {"note": "Help"})).status_code == 303
    said = (await asked(portal)).request
    assert (said.kind, said.note) == (kind, "Help")


async def test_a_role_on_the_board_fills_the_form(portal: Portal) -> None:
    """Asked from an advert's page, the form knows its role and level; what is no advert fills nothing."""
    await portal.hears(discovered(role("role-9", standard_role="Data engineer", level="lead")))
    await portal.as_member(CAMDEN)
    form = (await portal.get("/help/ask/recruiter?role=role-9")).text
    assert '<option value="Data engineer" selected>' in form
    assert '<option value="lead" selected>' in form
    assert (await portal.get("/help/ask/recruiter?role=%00nothing&like=%00")).status_code in (200, 400)


async def test_another_boroughs_request_does_not_exist(portal: Portal) -> None:
    """Hackney finds none of Camden's pages, and cannot change anything there; nor does it see it in its list."""
    await portal.hears(*proposed())
    await portal.as_member(HACKNEY)
    at = "/help/requests/request-1"
    for path in (at, f"{at}/change", f"{at}/withdraw", f"{at}/outcome"):
        assert (await portal.get(path)).status_code == 404
    for path in (f"{at}/answer", f"{at}/change", f"{at}/withdraw", f"{at}/outcome"):
        assert (await portal.post(path, {"revision": "1", "accept": "supporter-ada"})).status_code == 404
    assert "Enterprise architect" not in (await portal.get("/help/requests")).text
    assert await portal.said() == []


async def test_a_request_is_changed_as_it_was_seen_or_not_at_all(portal: Portal) -> None:
    """A change says the whole request with what differs; one of an older page is refused; none says nothing."""
    await portal.hears(*proposed())
    await portal.as_member(CAMDEN)
    at = "/help/requests/request-1"
    same = {
        "purpose": "recruitment",
        "standard_role": "Enterprise architect",
        "level": "senior",
        "revision": "1",
    }
    same |= {"skills": "Cloud, Modelling", "note": "Two interviews are planned in December."}
    assert (await portal.post(f"{at}/change", same)).status_code == 303
    assert await portal.said() == []
    assert (await portal.post(f"{at}/change", {**same, "not_supporters": "supporter-ben"})).status_code == 303
    said = await asked(portal)
    assert set(said.changed) == {"not_supporters", "stated_at"}
    assert (said.request.revision, said.request.not_supporters) == (2, ("supporter-ben",))
    assert (await portal.post(f"{at}/change", {**same, "level": "lead"})).status_code == 409
    assert len(await portal.said()) == 1


async def test_a_request_is_withdrawn_and_asked_again(portal: Portal) -> None:
    """Withdrawn once however often it is sent; stated anew it is open, and looked for again."""
    await portal.hears(*proposed())
    await portal.as_member(CAMDEN)
    at = "/help/requests/request-1"
    assert "Withdraw this request?" in (await portal.get(f"{at}/withdraw")).text
    for _ in range(2):
        assert (await portal.post(f"{at}/withdraw")).status_code == 303
    assert (await asked(portal)).request.status == "withdrawn"
    assert "This request is withdrawn" in (await portal.get(at)).text
    gone = match(revision=2, status="withdrawn", stage="withdrawn", why="The borough withdrew its request.")
    await portal.hears(MatchWithdrawn(match=gone))
    values = {"purpose": "recruitment", "standard_role": "Enterprise architect", "revision": "2"}
    assert (await portal.post(f"{at}/change", values)).status_code == 303
    again = (await portal.said())[-1]
    assert isinstance(again, RequestStated)
    assert (again.request.status, again.request.revision) == ("open", 3)
    assert "We are looking for a recruiter" in (await portal.get(at)).text


async def test_a_declined_request_that_is_asked_again_unchanged_is_said_again(portal: Portal) -> None:
    """Matching looks anew only when a request is stated anew: sending the same form again states it."""
    declined = match(revision=2, status="declined", stage="declined", answered_at=STATED)
    await portal.hears(*proposed(), MatchAnswered(match=declined))
    await portal.as_member(CAMDEN)
    form = (await portal.get("/help/requests/request-1/change")).text
    assert "Ask again for a recruiter" in form
    same = {
        "purpose": "recruitment",
        "standard_role": "Enterprise architect",
        "level": "senior",
        "revision": "1",
    }
    same |= {"skills": "Cloud, Modelling", "note": "Two interviews are planned in December."}
    await portal.post("/help/requests/request-1/change", same)
    assert (await asked(portal)).changed == ("stated_at",)


async def test_staff_ask_for_a_borough_on_behalf_of_one_who_works_there(portal: Portal) -> None:
    """Staff name the borough and who is introduced; somebody of another borough is refused."""
    await portal.hears(ContactStated(contact=person("contact-hana", "Hana Ito", "Hackney", HACKNEY)))
    await portal.as_staff()
    fields = {"note": "Help", "borough": CAMDEN, "asks": "Hana.Ito@contact-hana.example"}
    refused = await portal.post("/help/ask/recruiter", fields)
    assert refused.status_code == 422
    assert "Hana Ito does not work for Camden" in refused.text
    assert (await portal.post("/help/ask/recruiter", {**fields, "borough": HACKNEY})).status_code == 303
    said = (await asked(portal)).request
    assert (said.borough, said.contact_id) == (HACKNEY, "contact-hana")


async def test_lists_are_narrowed_and_paged(portal: Portal) -> None:
    """A list shows fifty, says that there are older ones, and narrows to a stage; nonsense in the address is ignored."""
    many = [RequestStated(request=request(f"request-{n}")) for n in range(10, 70)]
    await portal.hears(*proposed(), *many)
    await portal.as_member(CAMDEN)
    first = (await portal.get("/help/requests")).text
    assert first.count('class="help-list__row"') == 50
    assert "Older requests" in first
    second = (await portal.get("/help/requests?page=2&show=%F0%9F%90%8D&kind=x")).text
    assert second.count('class="help-list__row"') == 11
    waiting = (await portal.get("/help/requests?show=answer")).text
    assert waiting.count('class="help-list__row"') == 1
    assert (await portal.get("/help/requests?page=99999999999999999999&borough=%00")).status_code in (
        200,
        400,
    )
