"""Offering something: what is typed becomes an item, or is told what to put right."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import ContributionStated
from loti_contracts.events.library_content import ItemKind
from loti_contracts.structures import TEMPLATE
from services.portal.library.kinds import KINDS
from services.portal.library.offering.joining import joined, with_all
from services.portal.library.offering.reading import Refused, read
from services.portal.library.offering.times import read_time
from services.portal.library.offering.typed import Typed, typed_of
from tests.portal.library import making
from tests.portal.library.making import BARNET, CAMDEN, HACKNEY, NOW
from tests.portal.portal import Clock, Portal

TODAY = date(2026, 11, 20)
ITEMS = {
    event.item.id: event.item
    for event in making.library_world()
    if hasattr(event, "item") and event.item.revision == 1
}


@pytest.fixture
def clock() -> Clock:
    """The day of the world in `making`."""
    return Clock(NOW)


@pytest.mark.parametrize("item_id", sorted(ITEMS))
def test_a_form_sent_back_unchanged_says_what_the_item_says(item_id: str) -> None:
    """Nothing of an item is lost or changed by opening its form and sending it, whatever its kind."""
    item = ITEMS[item_id]
    base = making.content().model_validate(item.model_dump())
    again = read(typed_of(base), item.kind, base=base, borough=HACKNEY, today=TODAY)
    derived = {"families", "standard_roles", "levels"} if item.kind == "team structure" else {"families"}
    assert again.model_dump(exclude=derived) == base.model_dump(exclude=derived)


@given(st.sampled_from(sorted(KINDS)), st.builds(Typed))
def test_whatever_is_typed_is_read_or_refused(kind: ItemKind, typed: Typed) -> None:
    """Each fault belongs to a field; no other error can happen."""
    try:
        outcome: object = read(typed, kind, borough=CAMDEN, today=TODAY)
    except Refused as refused:
        outcome = refused.faults
    assert outcome


def test_an_event_takes_place_in_london_time() -> None:
    """Summer and winter; and an end before the start is told."""
    typed = Typed(
        title="Meeting",
        summary="A meeting.",
        starts_day="1",
        starts_month="7",
        starts_year="2027",
        starts_time="2pm",
        ends_time="15.30",
        place="City Hall",
    )
    happening = read(typed, "event", today=TODAY).happening
    assert happening is not None
    assert happening.starts_at == datetime(2027, 7, 1, 13, 0, tzinfo=UTC)
    assert happening.ends_at == datetime(2027, 7, 1, 14, 30, tzinfo=UTC)
    with pytest.raises(Refused) as refused:
        read(replace(typed, ends_time="1pm"), "event", today=TODAY)
    assert refused.value.faults == {"ends_time": ["It ends before it starts; check both times"]}


@pytest.mark.parametrize("text", ["", "14", "25:00", "13pm", "0am", "2:7", "14:60", "noon"])
def test_what_is_no_time_is_told(text: str) -> None:
    """With an example of one that is."""
    with pytest.raises(ValueError, match=r"time|hour"):
        read_time(text)


def test_publishing_one_borough_takes_out_nobody_who_joined_by_another_offer() -> None:
    """Two boroughs join a challenge at the same time; whichever is published last, both are in it."""
    challenge = making.challenge().item
    hackney = joined(challenge, HACKNEY, what="A rota.", works=True, today=TODAY)
    barnet = joined(challenge, BARNET, what="", works=False, today=TODAY)
    both = with_all(barnet, hackney)
    assert both.boroughs == (CAMDEN, HACKNEY, BARNET)
    assert [one.borough for one in both.working_on] == [CAMDEN, HACKNEY]
    assert with_all(hackney, barnet).working_on == hackney.working_on
    later = joined(hackney, HACKNEY, what="A rota of four.", works=True, today=TODAY + timedelta(days=9))
    assert with_all(hackney, later).working_on == later.working_on


def _form(**differences: str) -> dict[str, str]:
    return {
        "id": str(uuid.UUID(int=7)),
        "item_id": "item-new",
        "seen": "0",
        "do": "offer",
        "title": "Service designer, senior",
        "summary": "Who designs whole services.",
        "body": "## What you will do\n\n- listen",
        "roles": "Service designer",
        "levels": "senior",
        "licence": "OGL-UK-3.0",
        "note": "We used it twice.",
    } | differences


async def test_an_offer_is_said_once_and_can_be_followed(portal: Portal) -> None:
    """A member offers a job description: it is said, stands on the member's own page, and sending the form twice says
    nothing twice."""
    await portal.as_member(CAMDEN)
    answer = await portal.post("/library/contribute/job-description", _form())
    assert answer.status_code == 303
    path = answer.headers["location"]
    again = await portal.post("/library/contribute/job-description", _form())
    assert again.headers["location"] == path
    (event,) = await portal.said()
    assert isinstance(event, ContributionStated)
    offered = event.contribution
    assert (offered.item_id, offered.contact_id, offered.note) == (
        "item-new",
        f"contact-member-{CAMDEN}",
        "We used it twice.",
    )
    assert (offered.content.standard_roles, offered.content.families) == (
        ("Service designer",),
        ("User-centred design",),
    )
    shown = (await portal.get(path)).text
    assert "on its way to the library" in shown
    assert "Service designer, senior" in (await portal.get("/library/drafts")).text
    await portal.as_member(HACKNEY)
    assert (await portal.get(path)).status_code == 404


async def test_faults_keep_what_was_typed_and_say_nothing(portal: Portal) -> None:
    """422 with a summary that leads to the fields; nothing is on the bus."""
    await portal.as_member(CAMDEN)
    answer = await portal.post(
        "/library/contribute/job-description", _form(title="", roles="", link="ftp://x")
    )
    assert answer.status_code == 422
    for told in (
        "Enter a title",
        "Choose the standard role",
        "A link begins with https://",
        "We used it twice.",
    ):
        assert told in answer.text
    assert 'href="#roles-1"' in answer.text
    assert await portal.said() == []


async def test_a_preview_shows_the_text_and_says_nothing(portal: Portal) -> None:
    """Markdown as it would be read, with tags as text."""
    await portal.as_member(CAMDEN)
    sent = _form(do="preview", body="## Heading\n\n<script>alert(1)</script> **bold**")
    answer = await portal.post("/library/contribute/job-description", sent)
    assert answer.status_code == 200
    assert '<h2 class="govuk-heading-m">Heading</h2>' in answer.text
    assert "<strong>bold</strong>" in answer.text
    assert "<script>alert" not in answer.text
    assert await portal.said() == []


async def test_a_structure_is_offered_as_a_file(portal: Portal) -> None:
    """The file takes the place of what is in the box; a faulty one is told line by line, and its lines can be mended
    in the box."""
    await portal.as_member(CAMDEN)
    sent = _form(title="Our team", boroughs=CAMDEN)
    path = "/library/contribute/team-structure"
    bad = {"file": ("team.csv", b"title,level\nHead,heed\n", "text/csv")}
    answer = await portal.post(path, sent, files=bad)
    assert answer.status_code == 422
    assert "Line 2, column level: &#34;heed&#34; is no level" in answer.text
    assert "Head,heed" in answer.text
    workbook = await portal.post(path, sent, files={"file": ("team.xlsx", b"PK\x03\x04", "application/zip")})
    assert "this is a workbook, not CSV" in workbook.text
    answer = await portal.post(path, sent, files={"file": ("team.csv", TEMPLATE.encode(), "text/csv")})
    assert answer.status_code == 303
    (event,) = await portal.said()
    assert isinstance(event, ContributionStated)
    assert [post.count for post in event.contribution.content.posts] == [1, 1, 4, 2]
    assert event.contribution.content.standard_roles == ("Software developer", "Data analyst")
    assert (await portal.get("/library/contribute/team-structure.csv")).text == TEMPLATE


async def test_one_changes_or_withdraws_only_ones_own_offer(portal: Portal) -> None:
    """With the revision that was seen; another's is not there."""
    await portal.as_member(CAMDEN)
    offer = str(uuid.UUID(int=9))
    await portal.hears(making.contribution(offer, f"contact-member-{CAMDEN}"))
    form = await portal.get(f"/library/contribute/job-description?offer={offer}")
    assert 'name="seen" value="1"' in form.text
    changed = _form(id=offer, seen="1", title="A better title")
    assert (await portal.post("/library/contribute/job-description", changed)).status_code == 303
    late = _form(id=offer, seen="1", title="A late title")
    assert (await portal.post("/library/contribute/job-description", late)).status_code == 409
    await portal.as_member(HACKNEY)
    assert (await portal.get(f"/library/contribute/job-description?offer={offer}")).status_code == 404
    assert (await portal.post(f"/library/drafts/{offer}/withdraw")).status_code == 404
    assert (
        await portal.post("/library/contribute/job-description", changed | {"seen": "2"})
    ).status_code == 404
    await portal.as_member(CAMDEN)
    assert (await portal.post(f"/library/drafts/{offer}/withdraw")).status_code == 303
    assert [event.state.revision for event in await portal.said()] == [2, 3]
    assert "Withdrawn" in (await portal.get(f"/library/drafts/{offer}")).text


async def test_a_new_version_keeps_the_item_and_begins_with_what_it_says(portal: Portal) -> None:
    """The form of a published item is filled; what is offered names that item."""
    await portal.hears(making.published())
    await portal.as_member(HACKNEY)
    form = (await portal.get("/library/contribute/job-description?item=item-1")).text
    assert "Offer a new version: Enterprise architect, senior" in form
    assert "draw how systems fit together" in form
    assert 'name="item_id" value="item-1"' in form
    assert (await portal.get("/library/contribute/event?item=item-1")).status_code == 404


async def test_a_draft_that_was_put_together_is_a_start(portal: Portal) -> None:
    """From the gaps page one goes on with the draft's text, and its sources are kept."""
    await portal.hears(*making.library_world())
    await portal.as_member(HACKNEY)
    form = (await portal.get("/library/contribute/job-description?draft=assembled-1&role=x&level=y")).text
    assert 'name="draft" value="assembled-1"' in form
    sent = _form(item_id="item-ea-senior", draft="assembled-1")
    assert (await portal.post("/library/contribute/job-description", sent)).status_code == 303
    (event,) = await portal.said()
    assert isinstance(event, ContributionStated)
    assert [source.role_id for source in event.contribution.content.made_from] == ["role-1", "role-2"]


async def test_a_borough_joins_a_challenge(portal: Portal) -> None:
    """“We work on this too” offers the challenge with the borough in it, for a review."""
    await portal.hears(making.challenge())
    await portal.as_member(HACKNEY)
    answer = await portal.post("/library/challenge-1/join", {"how": "works", "what": "We share a rota."})
    assert answer.status_code == 303
    (event,) = await portal.said()
    assert isinstance(event, ContributionStated)
    content = event.contribution.content
    assert content.boroughs == (CAMDEN, HACKNEY)
    assert [(one.borough, one.what) for one in content.working_on][-1] == (HACKNEY, "We share a rota.")
    assert content.working_on[-1].since == TODAY


async def test_only_members_and_supporters_offer(portal: Portal) -> None:
    """Anybody else is asked to sign in first, and comes back."""
    answer = await portal.get("/library/contribute/event")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Flibrary%2Fcontribute%2Fevent"
    assert (await portal.post("/library/contribute/event", _form())).status_code == 303
    assert (await portal.get("/library/contribute/novel")).status_code == 404
