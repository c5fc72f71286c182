"""Every link in every letter that leads here opens the page that it speaks of."""

import re
from dataclasses import replace
from html import unescape

from loti_contracts.events import Edition, LibraryItem, Match
from services.notify.letters.compose import compose
from services.notify.letters.examples import EXAMPLES
from services.notify.letters.letter import Site
from services.notify.mails import Item, Mail
from services.notify.things import kind_of
from tests.notify.web.conftest import World
from tests.notify.web.gallery import ask_of

_HREF = re.compile(r'href="([^"]+)"')
_TITLES = {
    "preferences": "What you hear from us",
    "ledger": "What we told you",
    "unsubscribe": "Unsubscribe",
    "confirm": "Do you",
    "answer": "Who should we introduce you to?",
    "outcome": "What came of it?",
    "newsletters": "",
}


async def kept(world: World, mail: Mail) -> Mail:
    """The mail, once all that it speaks of is known; with the question that really waits, if it asks one."""
    items: list[Item] = []
    for item in mail.items:
        for contact in filter(None, (item.contact, *item.others)):
            await world.knows(contact)
        if isinstance(item.about, Match | LibraryItem | Edition):
            await world.pool.execute(
                """INSERT INTO thing (kind, id, revision, current, state, event_id, correlation_id)
                   VALUES ($1, $2, $3, true, $4, '', '') ON CONFLICT DO NOTHING""",
                kind_of(item.about),
                item.about.id,
                item.about.revision,
                item.about.model_dump_json(),
            )
        asks = mail.kind in ("confirmation", "renewal")
        items.append(replace(item, occurrence=await ask_of(world, item.contact_id)) if asks else item)
    return replace(mail, items=tuple(items))


async def test_every_link_of_every_letter_opens_its_page(world: World) -> None:
    """In each kind of letter, as it is sent: followed as a reader would, each of our links is a page without an error,
    and a calendar entry is one. Nothing is changed by following them all."""
    for name in sorted(set(EXAMPLES) - {"long-digest"}):
        mail = await kept(world, EXAMPLES[name])
        letter = compose(mail, links=world.links, site=Site("Talent Exchange", None), now=world.clock())
        links = {unescape(one) for one in _HREF.findall(letter.html)}
        ours = sorted(one for one in links if one.startswith(world.settings.public_url))
        assert ours, name
        said = await world.pool.fetchval("SELECT count(*) FROM outbox")
        for link in ours:
            answer = await world.client.get(link)
            page = link.removeprefix(f"{world.settings.public_url}/").partition("/")[0]
            assert answer.status_code == 200, (name, link, answer.text)
            assert page == "events" or f"<h1>{_TITLES[page]}" in answer.text, (name, link)
            assert page != "events" or answer.text.startswith("BEGIN:VCALENDAR"), (name, link)
        assert await world.pool.fetchval("SELECT count(*) FROM outbox") == said, name
        await world.pool.execute("TRUNCATE thing, choice, contact, outbox")
