"""The preferences: what is chosen is kept, what is wrong is said, and who wants to be forgotten is asked once more."""

import asyncio
import json
from datetime import time
from typing import Any

import httpx2
import pytest

from loti_contracts.events import Subscription
from loti_contracts.events.topics import CONTACTS, SUBSCRIPTIONS
from services.notify.people.choice import Choice
from tests.notify.making import CAMDEN, contact
from tests.notify.web.conftest import World
from tests.notify.web.gallery import CHOSEN, RIGHT, WRONG, people


async def choice_of(world: World, contact_id: str = "asks") -> Choice:
    """What that contact chose."""
    known = await world.known(contact_id)
    assert known
    assert known.choice
    return known.choice


async def test_what_is_saved_is_chosen(world: World) -> None:
    """Every topic, filter, the quiet hours and the limit are kept as typed, and count as a yes; everybody is told, and the
    page shows them again."""
    await people(world)
    link = world.links.preferences("asks")
    saved = await world.client.post(link, data=RIGHT)
    assert saved.status_code == 303
    after = await choice_of(world)
    assert after.status == "confirmed"
    assert set(after.subscriptions) == {
        Subscription(topic="new role", families=("Data", "Architecture"), minimum_pay=4_500_000),
        Subscription(topic="novel role", frequency="weekly"),
        Subscription(topic="offer below market", frequency="daily"),
        Subscription(topic="follow-up due", frequency="weekly"),
        Subscription(topic="newsletter"),
    }
    assert after.quiet_hours
    assert (after.quiet_hours.start, after.quiet_hours.end) == (time(18), time(8))
    assert (after.quiet_hours.weekends, after.most_a_day) == (False, 5)
    shown = await world.client.get(httpx2.URL(link).join(saved.headers["location"]))
    assert "Saved. This is what we send you" in shown.text
    for field in ('value="45,000"', 'value="18:00"', 'value="08:00"', 'value="5"'):
        assert field in shown.text
    said = json.loads((await world.said(SUBSCRIPTIONS.name))[-1]["value"])["subscriptions"]
    assert (said["status"], len(said["subscriptions"])) == ("confirmed", 5)


async def test_saving_the_same_again_says_nothing_new(world: World) -> None:
    """A reload of what was sent leaves the choice as it is."""
    await people(world)
    link = world.links.preferences("asks")
    await world.client.post(link, data=RIGHT)
    first = await choice_of(world)
    await world.client.post(link, data=RIGHT)
    assert (await choice_of(world)).subscriptions == first.subscriptions


async def test_what_is_wrong_is_said_beside_it_and_above(world: World) -> None:
    """Nothing is saved; the summary, which has the focus, links to each field; what was typed is still there."""
    await people(world)
    before = await choice_of(world)
    answer = await world.client.post(world.links.preferences("asks"), data=WRONG)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert 'tabindex="-1" autofocus' in answer.text
    for field in (
        "roles-0-standard_roles",
        "roles-0-minimum_pay",
        "event",
        "quiet_from",
        "quiet_until",
        "most_a_day",
    ):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
        assert f'id="{field}-why"' in answer.text
    assert 'value="plenty"' in answer.text
    assert await choice_of(world) == before


@pytest.mark.parametrize("data", [{}, {"roles-0": "at once"}, {"roles-0": "off", "event": "\0"}])
async def test_half_a_form_is_refused(world: World, data: dict[str, Any]) -> None:
    """What a script sends instead of the form changes nothing, and every missing answer is named."""
    await people(world)
    before = await choice_of(world)
    answer = await world.client.post(world.links.preferences("asks"), data=data)
    assert (answer.status_code, "Choose how often you want “Events”" in answer.text) == (422, True)
    assert await choice_of(world) == before


async def test_what_the_page_does_not_show_stays(world: World) -> None:
    """Filters of other topics and a second choice of jobs, stated elsewhere, outlive a save; topics for LOTI's staff are
    shown to nobody else."""
    kept = Subscription(topic="shared demand", frequency="weekly", families=("Data",))
    second = Subscription(topic="new role", frequency="weekly", families=("A family of its own",))
    await world.knows(contact("asks", 1, CHOSEN[0], second, kept))
    shown = (await world.client.get(world.links.preferences("asks"))).text
    assert "A family of its own" in shown
    assert "Boards that cannot be read" not in shown
    data = {name: value for name, value in RIGHT.items() if name != "source-failing"}
    again = {"roles-1": "weekly", "roles-1-families": second.families[0], "shared-demand": "daily"}
    assert (await world.client.post(world.links.preferences("asks"), data=data | again)).status_code == 303
    after = (await choice_of(world)).subscriptions
    assert second in after
    assert kept.model_copy(update={"frequency": "daily"}) in after


async def test_another_choice_of_jobs_can_be_added(world: World) -> None:
    """The button shows one more, empty, and keeps what was typed; nothing is saved until Save."""
    await people(world)
    before = await choice_of(world)
    shown = await world.client.post(world.links.preferences("asks"), data=RIGHT | {"more": "yes"})
    assert shown.status_code == 200
    assert 'name="roles-1"' in shown.text
    assert 'value="£45,000"' in shown.text
    assert await choice_of(world) == before
    both = RIGHT | {"roles-1": "weekly", "roles-1-boroughs": CAMDEN}
    await world.client.post(world.links.preferences("asks"), data=both)
    roles = [one for one in (await choice_of(world)).subscriptions if one.topic == "new role"]
    assert [one.frequency for one in roles] == ["at once", "weekly"]


async def test_being_forgotten_is_asked_twice_and_leaves_nothing(world: World) -> None:
    """The first page only links; the second only asks; its button erases here, and says so on the topics."""
    await people(world)
    link = world.links.preferences("asks")
    assert f"{link.rpartition('/')[2]}/forget" in (await world.client.get(link)).text
    forget = f"{link}/forget"
    await world.client.get(forget)
    assert (await world.client.post(forget, data={})).status_code == 400
    assert await world.known("asks")
    done = await world.client.post(forget, data={"forget": "yes"})
    assert (done.status_code, "You are forgotten" in done.text) == (200, True)
    assert await world.known("asks") is None
    for topic in (CONTACTS, SUBSCRIPTIONS):
        assert (await world.said(topic.name))[-1]["value"] == ""
    for url in (link, forget, world.links.ledger("asks")):
        assert "We know nothing of you" in (await world.client.get(url)).text
    for url in (link, forget):
        assert "We know nothing of you" in (await world.client.post(url, data=RIGHT | {"forget": "yes"})).text


async def test_two_at_the_same_time_do_not_mix(world: World) -> None:
    """Two windows save different things at once: one of them wins entirely."""
    await people(world)
    link = world.links.preferences("asks")
    everything = dict.fromkeys(RIGHT, "daily") | {"quiet_from": "", "quiet_until": "", "most_a_day": "7"}
    everything |= {"newsletter": "at once", "roles-0-families": [], "roles-0-minimum_pay": ""}
    answers = await asyncio.gather(*(world.client.post(link, data=data) for data in (RIGHT, everything) * 3))
    assert [answer.status_code for answer in answers] == [303] * 6
    after = await choice_of(world)
    assert (after.most_a_day, len(after.subscriptions)) in ((5, 5), (7, 11))


async def test_a_name_cannot_bring_html_into_the_page(world: World) -> None:
    """A name, a family, an address: all of it is text, and the address is not shown in full."""
    evil = "<script>alert(1)</script>"
    odd = Subscription(topic="new role", families=(evil,), boroughs=("E99999999",))
    await world.knows(contact("asks", 1, odd, name=evil, email="abcdef@featherstone.example"))
    shown = (await world.client.get(world.links.preferences("asks"))).text
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert "a…@featherstone.example" in shown
    assert "abcdef@" not in shown
