"""Accepting and declining: said once, by whom it was asked of, to the shortlist as it is now."""

import asyncio
import json

import pytest

from loti_contracts.events import Answer, Match
from loti_contracts.events.topics import ANSWERS
from tests.notify.making import contact, match
from tests.notify.web.conftest import World
from tests.notify.web.gallery import people, proposed


async def offered(world: World, match_: Match | None = None, supporter: str | None = "supporter-1") -> str:
    """The answer link of a mail about that match."""
    await people(world)
    await world.heard(match_ or proposed())
    return world.links.answer(match_ or proposed(), "asks", supporter)


async def answers(world: World) -> list[Answer]:
    """What was said."""
    return [
        Answer.model_validate(json.loads(one["value"])["answer"]) for one in await world.said(ANSWERS.name)
    ]


async def test_looking_answers_nothing(world: World) -> None:
    """A GET shows the whole shortlist with names and reasons, the mail's choice chosen, and says nothing."""
    link = await offered(world, supporter="supporter-2")
    shown = (await world.client.get(link)).text
    for words in (
        "Wilhelmina Featherstone-helps",
        "Has done this work for eight years.",
        "decline this shortlist",
    ):
        assert words in shown
    assert "Nothing in common." not in shown  # a reason that counted nothing
    assert 'value="supporter-2" checked' in shown
    declining = world.links.answer(proposed(), "asks", None)
    assert 'value="decline" checked' in (await world.client.get(declining)).text
    assert await answers(world) == []


@pytest.mark.parametrize(
    ("chosen", "answer", "supporter"),
    [("supporter-2", "accepted", "supporter-2"), ("decline", "declined", None)],
)
async def test_the_answer_is_said_once(world: World, chosen: str, answer: str, supporter: str | None) -> None:
    """By notify, in the thread of the match; the same link again shows what was said, and says nothing twice."""
    link = await offered(world)
    said = await world.client.post(link, data={"answer": chosen, "revision": "1"})
    assert said.status_code == 303
    for _ in range(2):
        again = await world.client.post(link, data={"answer": "supporter-1", "revision": "1"})
        assert (again.status_code, "We have your answer" in again.text) == (200, True)
    [only] = await answers(world)
    assert (only.id, only.revision, only.answer, only.supporter_id) == ("match-1", 1, answer, supporter)
    assert only.stated_at == world.clock()
    headers = (await world.said(ANSWERS.name))[0]["headers"]
    for carried in ('"/loti/notify"', '"event-of-the-match"', '"story-of-the-match"'):
        assert carried in headers


async def test_ten_clicks_at_once_are_one_answer(world: World) -> None:
    """Whoever comes first is heard; all see the same answer."""
    link = await offered(world)
    data = [{"answer": f"supporter-{1 + at % 2}", "revision": "1"} for at in range(10)]
    codes = [
        one.status_code
        for one in await asyncio.gather(*(world.client.post(link, data=each) for each in data))
    ]
    assert sorted(codes) == [200] * 9 + [303]
    assert len(await answers(world)) == 1


async def test_the_revision_counts_on_from_what_the_topic_said(world: World) -> None:
    """An answer was heard before and the shortlist is new since: the next one is a newer revision, so that it counts."""
    link = await offered(world)
    await world.client.post(link, data={"answer": "supporter-1", "revision": "1"})
    await world.pool.execute(
        "UPDATE thing SET revision = 4, state = jsonb_set(state, '{revision}', '4') WHERE kind = 'answer'"
    )
    world.clock.pass_(days=1)
    await world.heard(proposed(2, proposed_at=world.clock()))
    world.clock.pass_(minutes=1)
    shown = (await world.client.get(link)).text
    assert "This shortlist was made again since we wrote to you" in shown
    await world.client.post(link, data={"answer": "decline", "revision": "2"})
    assert [one.revision for one in await answers(world)] == [1, 5]


async def test_an_answer_from_elsewhere_is_an_answer(world: World) -> None:
    """The portal said it, and only its revision was heard: nothing is said on top, until there is a new shortlist."""
    link = await offered(world)
    await world.pool.execute(
        """INSERT INTO thing (kind, id, revision, current, state, event_id, correlation_id, heard_at)
           VALUES ('answer', 'match-1', 3, false, '{"id": "match-1", "revision": 3}', '', '', $1)""",
        world.clock(),
    )
    answer = await world.client.post(link, data={"answer": "decline", "revision": "1"})
    assert "came in another way" in answer.text
    assert await answers(world) == []
    world.clock.pass_(days=1)
    await world.heard(proposed(2, proposed_at=world.clock()))
    await world.client.post(link, data={"answer": "decline", "revision": "2"})
    assert [one.revision for one in await answers(world)] == [4]


async def test_a_shortlist_that_changes_under_the_reader_is_shown_again(world: World) -> None:
    """The page was open while the match changed: nothing is said of what the reader did not see."""
    link = await offered(world)
    await world.heard(proposed(2, shortlist=proposed().shortlist[1:]))
    answer = await world.client.post(link, data={"answer": "supporter-1", "revision": "1"})
    assert answer.status_code == 422
    assert "changed while you were looking" in answer.text
    assert "Whoever you picked in the email cannot be chosen any more" in answer.text
    assert await answers(world) == []


@pytest.mark.parametrize("data", [{}, {"answer": ""}, {"answer": "supporter-9"}, {"answer": "\0"}])
async def test_no_answer_is_no_answer(world: World, data: dict[str, str]) -> None:
    """Nobody chosen, or somebody who is not on the shortlist: asked again, with the reason."""
    link = await offered(world)
    answer = await world.client.post(link, data=data | {"revision": "1"})
    assert (answer.status_code, "Choose one of them" in answer.text) == (422, True)
    assert await answers(world) == []


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (match(2), "You chose Wilhelmina Featherstone-helps"),
        (match(2, stage="introduced", introduced_at=match().answered_at), "We introduced you to each other"),
        (proposed(2, status="declined", stage="declined"), "You declined this shortlist"),
        (proposed(2, status="withdrawn", stage="withdrawn"), "was withdrawn"),
        (
            proposed(2, status="withdrawn", stage="lapsed", why="Nobody answered in time."),
            "Nobody answered in time.",
        ),
        (proposed(2, status="withdrawn", stage="open", shortlist=()), "Your request is still open"),
        (proposed(2, requester_contact_id="helps"), "not yours to answer"),
    ],
)
async def test_what_cannot_be_answered_any_more_is_explained(world: World, now: Match, words: str) -> None:
    """Answered, declined, withdrawn, lapsed, or somebody else's: the old link says so, and a POST says nothing."""
    link = await offered(world)
    await world.heard(now)
    for answer in (
        await world.client.get(link),
        await world.client.post(link, data={"answer": "supporter-1", "revision": "2"}),
    ):
        assert (answer.status_code, words in answer.text) == (200, True), answer.text
    assert await answers(world) == []


async def test_a_match_that_nobody_knows_is_explained(world: World) -> None:
    """A genuine link about a match that was never heard of: no page, and no crash."""
    await world.knows(contact("asks"))
    link = world.links.answer(proposed(), "asks", None)
    for answer in (await world.client.get(link), await world.client.post(link, data={"answer": "decline"})):
        assert (answer.status_code, "We know nothing of this request" in answer.text) == (404, True)


async def test_a_link_of_another_match_or_page_answers_nothing(world: World) -> None:
    """An outcome's token at the answer's address is refused."""
    await offered(world)
    token = world.links.outcome(proposed(), "asks").rpartition("/")[2]
    assert (await world.client.post(f"/answer/{token}", data={"answer": "decline"})).status_code == 404
    assert await answers(world) == []
