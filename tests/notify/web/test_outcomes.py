"""Outcomes: said by either of the two, as news, and corrected by the same link."""

import json

import pytest

from loti_contracts.events import Outcome
from loti_contracts.events.topics import OUTCOMES
from tests.notify.making import match
from tests.notify.web.conftest import World
from tests.notify.web.gallery import people, proposed


async def outcomes(world: World) -> list[Outcome]:
    """What was said."""
    return [
        Outcome.model_validate(json.loads(one["value"])["outcome"]) for one in await world.said(OUTCOMES.name)
    ]


async def introduced(world: World, contact_id: str = "asks") -> str:
    """The outcome link of one of two who were introduced."""
    await people(world)
    await world.heard(match(5, stage="introduced"))
    return world.links.outcome(match(5), contact_id, "mentored")


@pytest.mark.parametrize("who", ["asks", "helps"])
async def test_either_of_the_two_says_what_came_of_it(world: World, who: str) -> None:
    """A GET says nothing and has the mail's result chosen; a POST says it with the note, once."""
    link = await introduced(world, who)
    shown = (await world.client.get(link)).text
    assert 'value="mentored" checked' in shown
    assert await outcomes(world) == []
    data = {"result": "mentored", "note": "Every\r\nsecond week.\0\x1b"}
    for words in ("Thank you", "We have that already"):
        answer = await world.client.post(link, data=data)
        assert (answer.status_code, words in answer.text) == (200, True)
    [only] = await outcomes(world)
    assert (only.id, only.revision, only.result, only.note) == (
        "match-1",
        1,
        "mentored",
        "Every\nsecond week.",
    )


async def test_news_is_said_on_top_of_what_was_known(world: World) -> None:
    """Ongoing, then hired: two revisions; the page shows what was heard last, whoever said it."""
    link = await introduced(world)
    await world.client.post(link, data={"result": "ongoing"})
    other = world.links.outcome(match(5), "helps")
    shown = (await world.client.get(other)).text
    assert "We have heard: it is still going on." in shown
    assert 'value="ongoing" checked' in shown
    await world.client.post(other, data={"result": "hired"})
    assert [(one.revision, one.result) for one in await outcomes(world)] == [(1, "ongoing"), (2, "hired")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose what came of it"),
        ({"result": "wonderful"}, "Choose what came of it"),
        ({"result": "hired", "note": "x" * 2_001}, "2,000 characters or fewer; it has 2,001"),
    ],
)
async def test_what_cannot_be_is_refused(world: World, data: dict[str, str], words: str) -> None:
    """No result, a result of one's own, or too long a note: asked again, and what was typed is kept."""
    answer = await world.client.post(await introduced(world), data=data)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert data.get("note", "") in answer.text
    assert await outcomes(world) == []


async def test_only_the_two_can_say_it_and_only_after_an_introduction(world: World) -> None:
    """Somebody else of the shortlist, or a match that nobody accepted: explained, and nothing is said."""
    await introduced(world)
    stranger = world.links.outcome(match(5), "also-helps")
    assert "not one of the two" in (await world.client.post(stranger, data={"result": "hired"})).text
    await world.heard(proposed(6))
    early = world.links.outcome(proposed(6), "asks")
    for answer in (await world.client.get(early), await world.client.post(early, data={"result": "hired"})):
        assert "Nobody was introduced" in answer.text
    assert await outcomes(world) == []


async def test_a_note_is_text(world: World) -> None:
    """HTML in it is shown as it was typed."""
    link = await introduced(world)
    await world.client.post(link, data={"result": "advised", "note": "</textarea><script>alert(1)</script>"})
    shown = (await world.client.get(link)).text
    assert "<script" not in shown
    assert "&lt;/textarea&gt;&lt;script&gt;" in shown
