"""`python -m tests.privacy.prove_erasure`: people to whom everything happened are erased from a whole running system, by
each way that there is; then every table, topic, log and health page is searched for what they were and what they wrote.

It runs `loti up` in a folder of its own, takes some minutes, prints what it found, and ends with 1 if anything is left.
"""

import asyncio
import os
import sys
import time
from datetime import UTC, datetime

import httpx2

from loti_contracts.delivery.forgetting import names_people
from loti_contracts.events import TOPICS, ContactErased
from tests.path.running import ROOT, running
from tests.privacy.lives import helps, live
from tests.privacy.person import Person
from tests.privacy.running_town import RunningTown, running_town
from tests.privacy.town import where
from tests.servers import reachable_folder


def _say(text: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {text}", flush=True)  # noqa: T201 - what the command prints


async def on_the_portal(town: RunningTown, who: Person) -> None:
    async with httpx2.AsyncClient(base_url=town.portal) as client:
        await town.page(client, "/sign-in", email=who.email)
        link = await town.mail(who.email, "/sign-in/")
        await town.page(client, link.removeprefix(town.portal), who=who.id)
        held = await client.get("/me/data")
        assert who.word("wish") in held.text, held.text[:500]
        gone = await town.page(client, "/me/forget", sure="yes")
        assert (gone.status_code, gone.headers["location"]) == (303, "/me/forgotten"), gone.text[:500]


async def on_notifys_page(town: RunningTown, who: Person) -> None:
    link = await town.mail(who.email, "/preferences/")
    async with httpx2.AsyncClient() as client:
        gone = await client.post(f"{link}/forget", data={"forget": "yes"})
        assert "You are forgotten" in gone.text, gone.text[:500]


async def by_the_command(town: RunningTown, who: Person) -> None:
    from deploy.local.settings import environment, settings_of

    command = [sys.executable, "-m", "deploy.cli", "notify", "erase", who.id, "--yes"]
    settings = environment() | settings_of("notify", town.up.data)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=os.environ | settings)
    assert await process.wait() == 0


async def by_a_tombstone(town: RunningTown, who: Person) -> None:
    await town.say(ContactErased(contact_id=who.id))


WAYS = {
    "on the portal's page": on_the_portal,
    "on the page behind a mail's link": on_notifys_page,
    "by the command": by_the_command,
    "by a tombstone": by_a_tombstone,
}


async def prove() -> int:
    with reachable_folder() as folder:
        async with running(folder) as up:
            _say("loti up runs; waiting until it has read its boards")
            await up.quiet(seconds=600)
            async with running_town(up) as town:
                return await _prove(town)


async def _prove(town: RunningTown) -> int:
    other, stays = Person("other"), Person("stays")
    people = {Person(f"way{number}"): way for number, way in enumerate(WAYS)}
    await helps(town, other)
    await asyncio.gather(*(live(town, who, other) for who in (*people, stays)))
    before = await town.everything()
    for who in (*people, stays):
        traces = where(before, *who.marks)
        missing = set(who.marks) - set(traces)
        assert not missing, f"the life of {who.tag} leaves no trace of {missing}"
    _say(
        f"{len(people)} people lived: {sum(map(len, where(before, *(m for p in people for m in p.marks)).values()))} traces"
    )
    for who, way in people.items():
        await WAYS[way](town, who)
        await town.settle()
        _say(f"erased {way}: {who.id}")
    _say("forcing the broker to compact")
    left = await _until_gone(town, [mark for who in people for mark in who.marks])
    for mark, places in sorted(left.items()):
        _say(f"LEFT {mark!r} in {sorted(set(places))[:6]}")
    after = await town.everything()
    by_id = {
        (place if place.startswith("the ") else place.split(" ")[0])
        for who in people
        for places in where(after, who.id).values()
        for place in places
    }
    kept = set(stays.marks) - set(where(after, *stays.marks))
    _say(
        f"left in tables, topics, logs and health pages: {len(left)} of {sum(len(p.marks) for p in people)} marks"
    )
    _say(f"their ids alone, which lead to nobody, are in: {', '.join(sorted(by_id))}")
    _say(f"somebody who was not erased lost: {sorted(kept) or 'nothing'}")
    return 1 if left or kept else 0


async def _until_gone(town: RunningTown, marks: list[str]) -> dict[str, list[str]]:
    """What is left, given three minutes for the broker to compact. It is asked again and again: the services give topics
    about people their own settings back."""
    until = time.monotonic() + 180
    topics = [topic for topic in TOPICS if topic.compacted and names_people(topic.name)]
    while True:
        await town.compact(topics)
        topics = [topic for topic in topics if topic.restricted]
        await asyncio.sleep(5)
        left = where(await town.everything(), *marks)
        if not left or time.monotonic() > until:
            return left


if __name__ == "__main__":
    sys.exit(asyncio.run(prove()))
