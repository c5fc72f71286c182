"""Keys that come and go, and adverts that come again: which role they are."""

from datetime import timedelta

from loti_contracts.events import RoleChanged, RoleDiscovered, RoleReadvertised
from tests.ingest.lifecycle_board import IDS, START, Board, Look, a_copy, a_role, said, see


def test_a_new_key_is_no_new_role() -> None:
    """An open role whose advert is there under another key is the same role; on a board that was read incompletely
    the posting waits. The old key, and the new one, mean it from then on."""
    board = Board()
    board.look_whole(["role-a"])
    (waiting, kept) = see(board, a_copy("role-x"), whole=False)
    assert (waiting.what, waiting.event, kept.what) == ("ignored", None, "kept")
    (moved,) = said(see(board, a_copy("role-x")))
    assert (type(moved), moved.role.id, moved.changed) == (RoleChanged, "role-a", ("links",))
    assert board.known["role-a"].former == "https://jobs.example/role-a"
    assert not said(see(board, a_copy("role-x")))
    (back,) = said(see(board, a_copy("role-a")))
    assert (back.role.id, back.changed) == ("role-a", ("links",))


def test_of_two_that_say_the_same_the_new_key_is_the_one_that_was_there_last() -> None:
    """Of two open roles that say the same, one is missing, then the other's key changes: the new key is the other's,
    by its closing date, or else because it was missing for a shorter time."""
    day = START.date()
    for first, second in ((None, None), (day + timedelta(days=9), day + timedelta(days=5))):
        board = Board()
        see(board, a_role("role-a", closes_on=first), a_copy("role-b", closes_on=second))
        see(board, a_copy("role-b", closes_on=second))
        decisions = see(board, a_copy("role-x", closes_on=second))
        assert {one.role_id: one.what for one in decisions} == {"role-b": "changed", "role-a": "closed"}
    board = Board()
    see(board, a_role("role-a", closes_on=day), a_copy("role-b", closes_on=None))
    see(board, a_copy("role-x", closes_on=None), a_copy("role-y", closes_on=day))
    assert [board.known[id_].former for id_ in ("role-a", "role-b")] == [
        "https://jobs.example/role-a",
        "https://jobs.example/role-b",
    ]
    assert board.known["role-a"].role.links == ("https://jobs.example/role-y",)


def test_an_advert_that_is_back_with_its_dates_was_never_gone() -> None:
    """Closed, and there again under another key with the same text and closing date: the same role, open again. With
    another date it is a new round."""
    closes = START.date() + timedelta(days=20)
    for other, expected in ((closes, RoleChanged), (closes + timedelta(days=9), RoleReadvertised)):
        board = Board()
        see(board, a_role("role-a", closes_on=closes), *(a_role(id_) for id_ in IDS[1:]))
        for _ in range(2):
            see(board, *(a_role(id_) for id_ in IDS[1:]))
        assert board.known["role-a"].role.status == "closed"
        back = [a_copy("role-x", closes_on=other), *(a_role(id_) for id_ in IDS[1:])]
        (event,) = said(see(board, *back))
        assert type(event) is expected
        assert (event.role.id == "role-a") == (other == closes)
        assert not said(see(board, *back))


def test_keys_shown_in_turn_and_then_together_are_two_adverts() -> None:
    """What passed for one advert with a new key are two as soon as both keys are there: neither is swallowed."""
    board = Board()
    see(board, a_role("role-a"))
    see(board, a_copy("role-x"))
    (second, back) = said(see(board, a_role("role-a"), a_copy("role-x")))
    assert {(type(one), one.role.id) for one in (second, back)} == {
        (RoleDiscovered, "role-x"),
        (RoleChanged, "role-a"),
    }
    assert not said(see(board, a_role("role-a"), a_copy("role-x")))
    assert board.open == {"role-a", "role-x"}


def test_a_posting_like_a_closed_role_is_readvertised() -> None:
    """Title, employer and text of a role closed within twelve months under a new key: said as readvertised, with the
    earlier id, once. After twelve months, or with another text, it is discovered."""
    board = Board()
    see(board, a_role("role-a", closes_on=START.date()))
    board.look(Look("failed", {}, frozenset(), 1))
    (again,) = said(see(board, a_copy("role-x")))
    assert (type(again), again.role.readvertises, again.role.revision) == (RoleReadvertised, "role-a", 1)
    other, second = said(see(board, a_copy("role-x"), a_role("role-y"), a_copy("role-z")))
    assert {type(other), type(second)} == {RoleDiscovered}
    (changed,) = said(
        see(
            board,
            a_copy("role-x", title="Data engineer"),
            a_role("role-y"),
            a_copy("role-z", location="Ealing"),
        )
    )
    assert changed.role.id == "role-z"
    late = Board()
    see(late, a_role("role-a", closes_on=START.date()))
    late.look(Look("failed", {}, frozenset(), 1))
    late.look(Look("failed", {}, frozenset(), 366))
    assert [type(event) for event in said(see(late, a_copy("role-x")))] == [RoleDiscovered]
