"""What the flow puts in is what the system can be held to."""

from random import Random
from typing import Any

import pytest

from loti_contracts.events import Event, RoleChanged, RoleClosed, RoleDiscovered, RoleReadvertised, envelop
from tests.chaos.checking.of_boards import check_boards
from tests.chaos.checking.world import Heard, World
from tests.chaos.flow_adverts import BOARDS, Adverts
from tests.chaos.flow_listening import Listening
from tests.chaos.flow_people import People
from tests.chaos.flow_saying import turn
from tests.chaos.good_world import NOON
from tests.chaos.ledger import Ledger
from tests.ingest.polling_world import open_world

pytestmark = pytest.mark.xdist_group("servers")
_KINDS = {
    "discovered": RoleDiscovered,
    "changed": RoleChanged,
    "closed": RoleClosed,
    "readvertised": RoleReadvertised,
}
TURNS, A_POLL = 40, 8


async def test_ingest_finds_each_advert_of_the_flow_once(postgres: Any) -> None:
    """Put up on real boards, changed, taken down and put up again, and read by ingest meanwhile: each digital one is one
    role that says what was printed last, the others are none."""
    ledger, random = Ledger(seed=3), Random(3)
    adverts = Adverts(Random(4), ledger.postings)
    listening = Listening(People(random), ledger.postings, random)
    log: list[Heard] = []
    async with open_world(postgres, lambda source: source.id in BOARDS) as world:
        for number in range(TURNS + 2 * A_POLL):
            if number < TURNS:
                board = turn(adverts, random, listening.seen)
                await world.change(adverts.wish(board), board)
            if number % A_POLL == A_POLL - 1:
                for kind, role, changed in await world.poll():
                    event: Event = _KINDS[kind](role=role, changed=changed)
                    log.append(Heard(event.topic, 0, len(log), envelop(event, source="/test", time=NOON)))
                    listening.note_role(role)
    became = {one.became for posting in ledger.postings.values() for one in posting.turns}
    assert became == {"put up", "changed", "taken down", "put up again"}
    found = [str(one) for one in check_boards(World(log=log), ledger)]
    assert not found, "\n".join(found)


def test_the_same_seed_says_the_same() -> None:
    """People of one seed state the same things, in the same order."""
    one, other = (People(Random(7)) for _ in range(2))
    said = [
        [*people.introduce_themselves(NOON), *(e for _ in range(200) for e in people.next(NOON))]
        for people in (one, other)
    ]
    assert said[0] == said[1]
    assert len({event.type for event in said[0]}) == 4


def test_each_thing_is_stated_with_the_next_revision() -> None:
    """Whatever people state, each thing's revisions count up by one."""
    people, newest = People(Random(8)), dict[tuple[str, str], int]()
    said = [*people.introduce_themselves(NOON), *(e for _ in range(300) for e in people.next(NOON))]
    for event in said:
        thing, revision = (event.topic, event.subject), event.state.revision
        assert revision == newest.get(thing, 0) + 1
        newest[thing] = revision
