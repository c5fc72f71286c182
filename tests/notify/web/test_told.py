"""The ledger page: what was told to its reader, when, why, because of what, and what came of it."""

from loti_contracts.events import Subscription
from tests.notify.making import contact
from tests.notify.web.conftest import World
from tests.notify.web.gallery import told


async def test_it_tells_everything_page_by_page(world: World) -> None:
    """Thirty entries on two pages, newest first, each with its state, its reason and its event; none of anybody else."""
    await world.knows(contact("asks", 1, Subscription(topic="new role")))
    await told(world, "asks", 30)
    await told(world, "somebody-else", 3)
    link = world.links.ledger("asks")
    first, second = (await world.client.get(link)).text, (await world.client.get(f"{link}?page=2")).text
    assert (first.count("<li>"), second.count("<li>")) == (25, 5)
    events = [f"<code>event-{at}</code>" for at in reversed(range(30))]
    both = first + second
    assert sorted(events, key=both.index) == events
    for words in (
        "Sent on",
        "About to be sent",
        "Could not be sent",
        "Sent, and came back",
        "Not sent",
        "Waits to be sent",
        "You asked for senior roles in Camden.",
        "250 2.0.0 Ok: queued as 4Q9xYz",
        "550 5.7.1 Refused",
        "The mailbox is full.",
        "The role has closed.",
        "It came in your quiet hours.",
        "sent 2 times since it was not known",
    ):
        assert words in both
    assert ('href="?page=2"' in first, 'href="?page=1"' in second) == (True, True)
    assert 'href="?page=3"' not in second


async def test_a_thing_is_called_by_its_title(world: World) -> None:
    """A role's title stands beside what it is, as text."""
    await world.knows(contact("asks"))
    await told(world, "asks", 1)
    await world.pool.execute("UPDATE notification SET thing_kind = 'role', thing_id = 'role-0'")
    await world.pool.execute(
        """INSERT INTO thing (kind, id, revision, current, state, event_id, correlation_id)
           VALUES ('role', 'role-0', 1, true, '{"title": "Senior <b>Data</b> Engineer"}', '', '')"""
    )
    assert (
        "New job: Senior &lt;b&gt;Data&lt;/b&gt; Engineer"
        in (await world.client.get(world.links.ledger("asks"))).text
    )


async def test_any_page_number_is_a_page(world: World) -> None:
    """What is no number is the first page; what is beyond the last one says that there is nothing."""
    await world.knows(contact("asks"))
    link = world.links.ledger("asks")
    assert "We have told you nothing yet." in (await world.client.get(link)).text
    for text in ("0", "-1", "x", "", "9" * 50, "²", "1e3"):
        assert (await world.client.get(f"{link}?page={text}")).status_code == 200
    assert "There is nothing older." in (await world.client.get(f"{link}?page=400")).text
