"""Saying yes: by a button alone, to what is asked now, and never again by an old link after a no."""

import json

from loti_contracts.events import Subscription
from loti_contracts.events.topics import SUBSCRIPTIONS
from tests.notify.making import CAMDEN, contact
from tests.notify.web.conftest import World
from tests.notify.web.gallery import RIGHT, ask_of

WANTED = Subscription(topic="new role", frequency="daily", families=("Data",), boroughs=(CAMDEN,))


async def asked(world: World) -> str:
    """The link of the mail that asks contact `asks`."""
    await world.knows(contact("asks", 1, WANTED))
    return world.links.confirm("asks", await ask_of(world, "asks"))


async def status(world: World) -> str | None:
    """How the consent of `asks` stands."""
    known = await world.known("asks")
    return known.choice.status if known and known.choice else None


async def test_looking_changes_nothing(world: World) -> None:
    """A mail scanner's GET and HEAD show what will be sent and a button; nothing is confirmed, nothing is said."""
    link = await asked(world)
    said = await world.said(SUBSCRIPTIONS.name)
    for _ in range(3):
        shown = await world.client.get(link)
        assert (await world.client.head(link)).status_code == shown.status_code == 200
    for words in ("New jobs", "Once a day", "Data", "Camden", "Yes, send them to me"):
        assert words in shown.text
    assert await status(world) == "asked"
    assert await world.said(SUBSCRIPTIONS.name) == said


async def test_a_yes_counts_once(world: World) -> None:
    """The button confirms and everybody is told; pressed again, it says so and nothing new happens."""
    link = await asked(world)
    first = await world.client.post(link)
    assert (first.status_code, "you said yes" in first.text) == (200, True)
    assert await status(world) == "confirmed"
    said = await world.said(SUBSCRIPTIONS.name)
    assert json.loads(said[-1]["value"])["subscriptions"]["status"] == "confirmed"
    again = await world.client.post(link)
    assert again.status_code == 200
    assert await world.said(SUBSCRIPTIONS.name) == said
    assert "already said yes" in (await world.client.get(link)).text


async def test_an_old_yes_does_not_undo_a_no(world: World) -> None:
    """After unsubscribing, the link of the first mail is refused with the reason and a way on; nothing changes."""
    link = await asked(world)
    await world.client.post(link)
    await world.client.post(world.links.unsubscribe("asks"), data={"List-Unsubscribe": "One-Click"})
    said = await world.said(SUBSCRIPTIONS.name)
    for answer in (await world.client.get(link), await world.client.post(link)):
        assert answer.status_code == 409
        assert "You unsubscribed since this email was sent" in answer.text
        assert "/preferences/" in answer.text
    assert await status(world) == "withdrawn"
    assert await world.said(SUBSCRIPTIONS.name) == said


async def test_a_yes_answers_what_was_asked_last(world: World) -> None:
    """Somebody states other subscriptions: the older mail's link asks nothing any more."""
    older = await asked(world)
    world.clock.pass_(minutes=1)
    await world.knows(contact("asks", 2, WANTED.model_copy(update={"levels": ("lead",)})))
    refused = await world.client.post(older)
    assert (refused.status_code, "no longer the newest" in refused.text) == (409, True)
    assert await status(world) == "asked"


async def test_a_year_later_the_same_page_renews(world: World) -> None:
    """Whose yes ran out says it again with a link of the renewal's mail, and it counts for another year."""
    await world.client.post(await asked(world))
    before = await world.known("asks")
    assert before
    assert before.choice
    ask = "11111111-2222-4333-8444-555555555555"
    await world.pool.execute("UPDATE choice SET ask = $1, status = 'lapsed'", ask)
    world.clock.pass_(days=366)
    link = world.links.confirm("asks", ask)
    assert "Do you still want these emails?" in (await world.client.get(link)).text
    assert await status(world) == "lapsed"
    await world.client.post(link)
    after = await world.known("asks")
    assert after
    assert after.choice
    assert after.choice.status == "confirmed"
    assert after.choice.renew_by
    assert before.choice.renew_by
    assert after.choice.renew_by > before.choice.renew_by


async def test_whom_nobody_knows_cannot_say_yes(world: World) -> None:
    """A genuine link of somebody who is erased since shows that nothing is held, whatever is pressed."""
    link = await asked(world)
    await world.client.post(f"{world.links.preferences('asks')}/forget", data={"forget": "yes"})
    for answer in (await world.client.get(link), await world.client.post(link)):
        assert (answer.status_code, "We know nothing of you" in answer.text) == (200, True)


async def saved(world: World, link: str) -> str:
    """What the preferences say after a save."""
    said = {name: value for name, value in RIGHT.items() if name != "source-failing"}
    answer = await world.client.post(link, data=said)
    assert answer.status_code == 303, answer.text
    return (await world.client.get(f"{link}?saved=yes")).text


async def test_a_link_dies_with_the_address_it_went_to(world: World) -> None:
    """Who moved to another address: links of mails to the old one open nothing, since somebody else may read that
    mailbox now. Unsubscribing alone still works."""
    await asked(world)
    old, stop = world.links.preferences("asks"), world.links.unsubscribe("asks")
    world.clock.pass_(hours=1)
    await world.knows(contact("asks", 2, WANTED, email="new@featherstone.example"))
    world.clock.pass_(seconds=2)  # links tell whole seconds
    for url in (old, f"{old}/forget"):
        refused = await world.client.get(url)
        assert (refused.status_code, "no longer yours" in refused.text) == (410, True)
    assert (await world.client.post(f"{old}/forget", data={"forget": "yes"})).status_code == 410
    assert (await world.client.get(world.links.preferences("asks"))).status_code == 200
    assert "Saved. This is what we send you" in await saved(world, world.links.preferences("asks"))
    assert (await world.client.post(stop, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    assert await status(world) == "withdrawn"
