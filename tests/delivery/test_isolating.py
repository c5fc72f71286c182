"""What becomes of a batch in which some messages are bad: decided in memory, with every kind of bad one."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.delivery.errors import Park
from loti_contracts.delivery.isolating import Failure, isolate
from loti_contracts.delivery.letters import Letter, open_parts, parked_in_a_row, up_to_the_breaker
from loti_contracts.delivery.parking import Received
from loti_contracts.events import NotReadable, decode, encode
from tests.delivery.counting import request

KINDS = st.sampled_from(["good"] * 6 + ["park", "bug", "passing bug", "unreadable"])


class Opened(Exception):
    """The breaker."""


@dataclass
class Memory:
    """Handles letters in memory. `tells`: it knows which letter failed."""

    kinds: dict[int, str]
    tells: bool
    limit: int = 1_000
    bug_attempts: int = 3
    at_once: int = 1_000
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    effects: list[int] = field(default_factory=list)
    parked: list[int] = field(default_factory=list)
    tried: dict[int, int] = field(default_factory=dict)
    before_second: list[int] = field(default_factory=list)

    def row(self, letters: Sequence[Letter]) -> int:
        """In a row."""
        return parked_in_a_row(letters, before=0)

    async def attempt(self, part: Sequence[Letter]) -> Failure | None:
        """All of it or nothing."""
        done = []
        for letter in part:
            number, kind = letter.message.offset, self.kinds[letter.message.offset]
            if letter.unreadable:
                continue
            self.tried[number] = self.tried.get(number, 0) + 1
            if kind == "bug" and self.tried[number] == 2:
                self.before_second.append(len(self.effects))
            if kind == "park":
                return Park("never"), letter if self.tells else None
            if kind == "bug" or (kind == "passing bug" and self.tried[number] < 2):
                return KeyError("a bug"), letter if self.tells else None
            done.append(number)
        self.effects += done
        for letter in part:
            letter.became = "parked" if letter.unreadable else "handled"
            self.parked += [letter.message.offset] if letter.unreadable else []
        return None

    async def set_aside(self, letter: Letter) -> None:
        """Kept."""
        letter.became = "parked"
        self.parked.append(letter.message.offset)

    async def look_at_breaker(self, letters: Sequence[Letter]) -> None:
        """Opens."""
        if self.row(letters) >= self.limit:
            raise Opened


ENCODED = [encode(request(n)) for n in range(500)]


def letters_of(kinds: Sequence[str], keys: Sequence[int]) -> list[Letter]:
    """One for each kind, in this order."""
    found = []
    for offset, (kind, key) in enumerate(zip(kinds, keys, strict=False)):
        name, value, headers = ENCODED[key]
        message = Received("a topic", 0, offset, 1, name, value, headers)
        read = decode(name, value, headers)
        unreadable = NotReadable("bent") if kind == "unreadable" else None
        found.append(Letter(message, None if unreadable else read, unreadable))  # type: ignore[arg-type]
    return found


def run(memory: Memory, letters: Sequence[Letter]) -> None:
    """Without waiting: it is being stopped."""
    memory.stopping.set()
    asyncio.run(isolate(memory, letters))


@given(
    kinds=st.lists(KINDS, min_size=1, max_size=40),
    keys=st.lists(st.integers(0, 5), min_size=40, max_size=40),
    tells=st.booleans(),
    at_once=st.sampled_from([1, 3, 1_000]),
)
def test_the_good_have_their_effect_and_the_bad_alone_are_set_aside(
    kinds: list[str], keys: list[int], tells: bool, at_once: int
) -> None:
    """Each once, and what is about one thing in order."""
    letters = letters_of(kinds, keys)
    memory = Memory(dict(enumerate(kinds)), tells, at_once=at_once)
    run(memory, letters)
    good = [n for n, kind in enumerate(kinds) if kind in ("good", "passing bug")]
    assert sorted(memory.effects) == good
    assert sorted(memory.parked) == [n for n in range(len(kinds)) if n not in good]
    for key in set(keys):
        mine = [n for n in memory.effects if keys[n] == key]
        assert mine == sorted(mine)


@settings(max_examples=10)
@given(bad=st.sets(st.integers(0, 499), max_size=19), tells=st.booleans())
def test_few_bad_ones_cost_few_attempts(bad: set[int], tells: bool) -> None:
    """Of 500, a good one is handled a few times at most, and none of them waits for a bad one's second try."""
    kinds = ["bug" if n in bad else "good" for n in range(500)]
    memory = Memory(dict(enumerate(kinds)), tells)
    run(memory, letters_of(kinds, range(500)))
    most = max(memory.tried[n] for n in range(500) if n not in bad)
    assert most <= (2 if tells else 11)
    assert len(memory.effects) == 500 - len(bad)
    if tells:
        assert set(memory.before_second) <= {500 - len(bad)}


@given(
    kinds=st.lists(st.sampled_from(["good", "park", "bug", "unreadable"]), min_size=1, max_size=40),
    limit=st.integers(1, 6),
    tells=st.booleans(),
)
def test_too_many_in_a_row_open_the_breaker_in_time(kinds: list[str], limit: int, tells: bool) -> None:
    """It opens if and only if so many follow each other. If all are bad, at most twice as many are set aside."""
    memory = Memory(dict(enumerate(kinds)), tells, limit=limit)
    letters = letters_of(kinds, range(40))
    bad = "".join("x" if kind != "good" else "." for kind in kinds)
    try:
        run(memory, letters)
        opened = False
    except Opened:
        opened = True
    assert opened == ("x" * limit in bad)
    assert "." in bad or len(memory.parked) <= 2 * limit


def test_the_same_bad_ones_open_the_breaker_once() -> None:
    """Resumed, the consumer sees them again: they are no new ones, and it comes past them."""
    letters = letters_of(["park"] * 5, range(5))
    for letter in letters[:3]:
        letter.became = "parked before"
    letters[3].became = "parked"
    assert parked_in_a_row(letters[:4], before=0) == 1
    assert parked_in_a_row(letters[:3], before=2) == 2


def test_a_part_ends_where_the_breaker_may_open() -> None:
    """Only as many unreadable ones as it takes are set aside at once."""
    letters = letters_of(["unreadable", "good", "unreadable", "unreadable", "good"], range(5))
    part, rest = up_to_the_breaker(letters, row=0, limit=2)
    assert (len(part), len(rest)) == (4, 1)
    assert up_to_the_breaker(letters, row=1, limit=2)[0] == letters[:1]
    assert [len(part) for part in open_parts(letters, most=2)] == [2, 2, 1]
