"""The life of a role, over every history that a board can make up: whole readings, broken ones, none, and empty ones."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events import Role, RoleChanged, RoleClosed, RoleDiscovered
from services.ingest.assess import MISSES_BEFORE_CLOSED, assess
from services.ingest.decisions import Day
from services.ingest.guard import DOUBTS_BEFORE_BELIEVED, FEW, Witness
from services.ingest.identity import Seen
from services.ingest.lifecycle import MISSES_BEFORE_CLOSED_UNSEEN, decide
from tests.ingest.lifecycle_board import IDS, START, Board, Look, a_role, said, see

CHANGING = ("title", "closes_on", "location")


adverts = st.fixed_dictionaries(
    {"title": st.sampled_from(("Data engineer", "Lead data engineer"))},
    optional={
        "closes_on": st.integers(-2, 9).map(lambda days: START.date() + timedelta(days=days)),
        "location": st.just("Camden"),
    },
)
listings = st.dictionaries(st.sampled_from(IDS), adverts, max_size=len(IDS))
looks = st.builds(
    Look,
    how=st.sampled_from(("whole", "whole", "whole", "whole", "incomplete", "failed", "unchanged")),
    listed=st.one_of(listings, listings, st.fixed_dictionaries(dict.fromkeys(IDS, adverts)), st.just({})),
    off_topic=st.one_of(st.just(frozenset()), st.frozensets(st.sampled_from(IDS), max_size=2)),
    days=st.sampled_from((0, 0, 0, 1, 2)),
)
histories = st.lists(looks, max_size=14)
over_histories = settings(max_examples=200)


def differing(before: Role, after: Role) -> set[str]:
    """The fields that differ, by their JSON."""
    one, two = before.model_dump(mode="json"), after.model_dump(mode="json")
    return {name for name in one if one[name] != two[name]} - {"revision", "found_at"}


@over_histories
@given(histories)
def test_absence_closes_exactly_after_two_believable_readings(history: list[Look]) -> None:
    """A role is closed as gone when it is missing from the second whole believable reading in a row, and never
    earlier: an incomplete, doubted or failed reading closes nothing by absence."""
    board, misses = Board(), dict.fromkeys(IDS, 0)
    for look in history:
        before, was_open = dict(board.known), board.open
        decisions = board.look(look)
        left = {e.role.id for e in said(decisions) if e.role.closed_because == "gone"}
        gone = {id_ for id_ in was_open if id_ not in look.listed and id_ not in look.off_topic}
        if look.how in ("failed", "unchanged"):
            assert not left
            continue
        believed = board.believed
        assert look.how == "whole" or not believed
        for id_ in look.listed:
            misses[id_] = 0
        expected = set()
        for id_ in gone:
            closes_on = before[id_].role.closes_on
            if closes_on is not None and closes_on < board.today:
                misses[id_] = 0
            elif believed:
                misses[id_] += 1
                if misses[id_] == MISSES_BEFORE_CLOSED:
                    expected.add(id_)
                    misses[id_] = 0
        for id_ in look.off_topic:
            misses[id_] = 0
        assert left == expected


@over_histories
@given(histories)
def test_what_is_said_is_what_is_known(history: list[Look]) -> None:
    """Revisions rise by exactly one, `changed` names exactly the fields that differ, something is said if and
    only if something differs, and the last event said about a role is its state."""
    board: Board = Board()
    last: dict[str, Role] = {}
    for look in history:
        decisions = board.look(look)
        assert len({decision.role_id for decision in decisions}) == len(decisions)
        for event in said(decisions):
            role = event.role
            before = last.get(role.id)
            if before is None:
                assert isinstance(event, RoleDiscovered)
                assert (role.revision, event.changed) == (1, ())
            else:
                assert role.revision == before.revision + 1
                assert role.found_at == before.found_at
                assert set(event.changed) == differing(before, role) != set()
                assert isinstance(event, RoleClosed if role.status == "closed" else RoleChanged)
            assert (role.closed_because is None) == (role.closed_at is None) == (role.status == "open")
            last[role.id] = role
        assert {id_: known.role for id_, known in board.known.items()} == last
        if look.how in ("whole", "incomplete"):
            for id_, facts in look.listed.items():
                if id_ in last and last[id_].status == "open":
                    assert not differing(last[id_], a_role(id_, **facts))


@over_histories
@given(histories)
def test_whatever_is_past_its_date_is_closed_and_whatever_is_listed_is_open(history: list[Look]) -> None:
    """After every look, even one that failed, no open role is past its closing date, and every role that is
    listed with time left is open, returned ones too."""
    board = Board()
    for look in history:
        closed = set(board.known) - board.open
        events = {event.role.id: event for event in said(board.look(look))}
        for known in board.known.values():
            role = known.role
            if role.closes_on is not None and role.closes_on < board.today:
                assert role.status == "closed"
        if look.how in ("whole", "incomplete"):
            for id_, facts in look.listed.items():
                if facts.get("closes_on", board.today) >= board.today:
                    assert id_ in board.open
                    if id_ in closed:
                        assert {"status", "closed_because", "closed_at"} <= set(events[id_].changed)


@over_histories
@given(histories, looks)
def test_the_same_snapshot_says_nothing_twice(history: list[Look], look: Look) -> None:
    """Seen again and again, one snapshot says each thing once: at most one more event about a role that it
    lists, and one about a role that it has lost."""
    board = Board()
    for earlier in history:
        board.look(earlier)
    board.look(look)
    again = Look(look.how, look.listed, look.off_topic, days=0)
    told = [event for _ in range(6) for event in said(board.look(again))]
    assert all(event.role.closed_because in ("gone", "withdrawn") for event in told)
    assert len({event.role.id for event in told}) == len(told)
    assert not said(board.look(again))


@pytest.mark.parametrize("count", range(1, len(IDS) + 1))
def test_an_emptied_board_closes_in_the_end(count: int) -> None:
    """A board that is empty, whatever its size, is doubted twice, believed the third time, and closed the fourth;
    when the adverts' own pages say that they are gone, it is closed the second time."""
    board = Board()
    board.look_whole(IDS[:count])
    for number in range(1, DOUBTS_BEFORE_BELIEVED + 2):
        assert len(said(board.look_whole([]))) == (count if number == DOUBTS_BEFORE_BELIEVED + 1 else 0)
    assert not board.open
    confirmed = Board(page="gone")
    confirmed.look_whole(IDS[:count])
    assert not said(confirmed.look_whole([]))
    assert len(said(confirmed.look_whole([]))) == count


@pytest.mark.parametrize("page", ["shown", "unreached"])
def test_what_its_own_page_shows_stays_open(page: Witness) -> None:
    """Missing from the list, a role is kept while its page shows it or cannot be had, but not for ever."""
    board = Board(page=page)
    board.look_whole(IDS)
    for _ in range(MISSES_BEFORE_CLOSED_UNSEEN - 1):
        assert not said(board.look_whole(IDS[1:]))
    (closed,) = said(board.look_whole(IDS[1:]))
    assert closed.role.id == IDS[0]


def test_a_list_that_one_page_contradicts_is_wrong_about_all() -> None:
    """An empty list, though the page of one advert is still there: that another's page is gone says nothing, as its
    address may have been good for a time only. Once the first page is gone too, both are closed, as withdrawn."""
    board = Board()
    board.look_whole(IDS[:2])
    pages: dict[str, Witness] = {IDS[0]: "gone", IDS[1]: "shown"}
    for number in range(1, DOUBTS_BEFORE_BELIEVED + 4):
        if number > DOUBTS_BEFORE_BELIEVED + 2:
            pages[IDS[1]] = "gone"
        found = assess(
            board.known,
            Seen({}, frozenset(), whole=True),
            recent=board.recent,
            doubts=board.doubts,
            today=board.today,
        )
        board.doubts, board.recent = found.verdict.doubts, found.verdict.recent
        told = said(board._keep(decide(board.known, found, pages=pages, day=Day(board.now, board.today))))
        assert len(told) == (2 if number == DOUBTS_BEFORE_BELIEVED + 3 else 0)
    assert {event.role.closed_because for event in told} == {"withdrawn"}


def test_a_date_without_a_year_does_not_jump() -> None:
    """While the advert says the same, a closing date that names no year means what it meant at first; said otherwise,
    or back after it had left the board, it is read anew."""
    board, day = Board(), START.date()
    see(board, a_role(closes_on=day), wording="closes 2 November")
    board.now += timedelta(days=60)
    next_year = day + timedelta(days=365)
    (closed,) = said(see(board, a_role(closes_on=next_year), wording="closes 2 November"))
    assert (closed.role.closed_because, closed.role.closes_on) == ("expired", day)
    assert not said(see(board, a_role(closes_on=next_year), wording="closes 2 November"))
    (reopened,) = said(see(board, a_role(closes_on=next_year), wording="now closes 2 November"))
    assert (reopened.role.status, reopened.role.closes_on) == ("open", next_year)


def test_a_board_that_comes_back_was_never_gone() -> None:
    """Empty twice, then as before: nothing is said at all, and its next emptiness is doubted from the start."""
    board = Board()
    board.look_whole(IDS)
    for _ in range(5):
        for _ in range(DOUBTS_BEFORE_BELIEVED - 1):
            assert not said(board.look_whole([]))
        assert not said(board.look_whole(IDS))
    assert board.open == set(IDS)


def test_belief_in_one_loss_is_no_belief_in_the_next() -> None:
    """When a loss has been believed, what vanishes straight afterwards is doubted anew."""
    board = Board()
    board.look_whole(IDS)
    for _ in range(DOUBTS_BEFORE_BELIEVED):
        board.look_whole(IDS[:3])
    assert board.doubts == DOUBTS_BEFORE_BELIEVED
    board.look_whole(new := [*IDS[:3], *(f"new-{number}" for number in range(9))])
    assert not said(board.look_whole([]))
    assert board.doubts == 1
    assert board.open == set(new)
    assert FEW == 3


def test_a_closing_date_that_passes_while_listed_closes_once() -> None:
    """A role still listed the day after its closing date is closed with what the advert says then, once; given a
    later date it is open again."""
    board = Board()
    day = START.date()
    board.look_whole(["role-a"], closes_on=day)
    (closed,) = said(
        board.look(Look("whole", {"role-a": {"closes_on": day, "title": "Now"}}, frozenset(), 1))
    )
    assert (closed.role.revision, closed.role.closed_because, closed.role.title) == (2, "expired", "Now")
    assert set(closed.changed) == {"title", "status", "closed_because", "closed_at"}
    assert not said(board.look_whole(["role-a"], closes_on=day))
    (again,) = said(board.look_whole(["role-a"], closes_on=day + timedelta(days=9)))
    assert (again.role.revision, again.role.status, again.role.closed_at) == (3, "open", None)


def test_the_last_day_counts() -> None:
    """A role is open on its closing date, and closed the day after, though the board cannot be read."""
    board = Board()
    board.look_whole(["role-a"], closes_on=START.date())
    assert not said(board.look(Look("failed", {}, frozenset(), 0)))
    (closed,) = said(board.look(Look("failed", {}, frozenset(), 1)))
    assert isinstance(closed, RoleClosed)
    assert closed.role.closed_because == "expired"
    assert not said(board.look(Look("failed", {}, frozenset(), 1)))


def test_what_was_over_before_it_was_found_is_never_said() -> None:
    """An advert past its date that was never known is not announced, not even as closed."""
    board = Board(now=datetime.combine(START.date(), time(9), tzinfo=UTC))
    assert not said(board.look_whole(IDS, closes_on=START.date() - timedelta(days=1)))
    assert not board.known
