"""Unsubscribing: one click in any mail program, and never by looking."""

import json
from typing import Any

import pytest

from loti_contracts.events import Subscription
from loti_contracts.events.topics import SUBSCRIPTIONS
from tests.notify.making import contact
from tests.notify.web.conftest import World
from tests.notify.web.gallery import ask_of

WANTED = (Subscription(topic="new role"), Subscription(topic="newsletter"))
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def subscribed(world: World) -> str:
    """The unsubscribe link of a contact that said yes."""
    await world.knows(contact("reads", 1, *WANTED))
    await world.client.post(world.links.confirm("reads", await ask_of(world, "reads")))
    return world.links.unsubscribe("reads")


async def status(world: World) -> str | None:
    """How the consent of `reads` stands."""
    known = await world.known("reads")
    return known.choice.status if known and known.choice else None


async def test_looking_stops_nothing(world: World) -> None:
    """GET and HEAD show a button: whoever only follows links (a scanner) changes nothing."""
    link = await subscribed(world)
    assert "<button" in (await world.client.get(link)).text
    await world.client.head(link)
    assert await status(world) == "confirmed"


@pytest.mark.parametrize(
    "body",
    [{"data": ONE_CLICK}, {"files": {"List-Unsubscribe": (None, "One-Click")}}],
    ids=["form", "multipart"],
)
async def test_one_click_stops_everything(world: World, body: dict[str, Any]) -> None:
    """The POST of RFC 8058, in either of its forms: without cookies, without a redirect, everything ends and everybody is
    told. A second one changes nothing."""
    link = await subscribed(world)
    answer = await world.client.post(link, **body)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert await status(world) == "withdrawn"
    said = await world.said(SUBSCRIPTIONS.name)
    last = json.loads(said[-1]["value"])["subscriptions"]
    assert (last["status"], last["subscriptions"]) == ("withdrawn", [])
    assert (await world.client.post(link, **body)).status_code == 200
    known = await world.known("reads")
    assert known
    assert known.choice
    assert known.choice.revision == last["revision"]


async def test_its_link_opens_nothing_else(world: World) -> None:
    """It stands in a header that many machines read: neither page behind it leads to what the contact chose."""
    link = await subscribed(world)
    for answer in (await world.client.get(link), await world.client.post(link, data=ONE_CLICK)):
        assert "/preferences/" not in answer.text
        assert "/ledger/" not in answer.text


async def test_a_post_of_something_else_stops_nothing(world: World) -> None:
    """A POST that does not say what RFC 8058 has it say gets the button, not the effect."""
    link = await subscribed(world)
    for data in ({}, {"List-Unsubscribe": "Two-Click"}, {"other": "One-Click"}):
        answer = await world.client.post(link, data=data)
        assert (answer.status_code, "<button" in answer.text) == (400, True)
    assert await status(world) == "confirmed"


async def test_an_old_newsletter_still_unsubscribes(world: World) -> None:
    """Two years later the link works; after that it is refused in words."""
    link = await subscribed(world)
    world.clock.pass_(days=2 * 365)
    assert (await world.client.post(link, data=ONE_CLICK)).status_code == 200
    assert await status(world) == "withdrawn"
    world.clock.pass_(days=3)
    late = await world.client.post(link, data=ONE_CLICK)
    assert (late.status_code, "expired" in late.text) == (410, True)


async def test_whoever_is_forgotten_is_not_told_off(world: World) -> None:
    """One click of somebody who is erased since, or was never known, succeeds: nothing is sent anyhow."""
    link = await subscribed(world)
    await world.client.post(f"{world.links.preferences('reads')}/forget", data={"forget": "yes"})
    for url in (link, world.links.unsubscribe("nobody")):
        assert (await world.client.post(url, data=ONE_CLICK)).status_code == 200
