"""The guard: which readings of a board are believed, and what an advert's own page says."""

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.guard import DOUBTS_BEFORE_BELIEVED, FEW, RECENT, judge, page_says

counts = st.integers(0, 300)
histories = st.lists(counts, max_size=RECENT).map(tuple)


@given(counts, counts, counts, histories, st.integers(0, DOUBTS_BEFORE_BELIEVED))
def test_what_was_not_read_completely_is_never_believed(
    postings: int, vanished: int, more: int, recent: tuple[int, ...], doubts: int
) -> None:
    """And it leaves no trace in what the next reading is held against: doubts neither rise, nor end unless it lists
    what is usual."""
    verdict = judge(
        whole=False,
        postings=postings,
        vanished=vanished,
        open_roles=vanished + more,
        recent=recent,
        doubts=doubts,
    )
    assert (verdict.believed, verdict.recent) == (False, recent)
    assert verdict.doubts in (0, doubts)
    assert verdict.why


def test_an_incomplete_reading_between_doubts_does_not_start_them_anew() -> None:
    """A board that lost most of what it had, read incompletely in between, is believed the third time it is read
    whole; an incomplete reading that shows what is usual ends the doubts."""
    doubts = 0
    for whole, postings, then in ((True, 5, 1), (True, 5, 2), (False, 2, 2), (True, 5, 3)):
        verdict = judge(whole=whole, postings=postings, vanished=9, open_roles=9, recent=(50,), doubts=doubts)
        assert (verdict.doubts, verdict.believed) == (then, then == DOUBTS_BEFORE_BELIEVED)
        doubts = verdict.doubts
    assert judge(whole=False, postings=48, vanished=1, open_roles=9, recent=(50,), doubts=2).doubts == 0


@given(counts, counts, counts, histories, st.integers(0, DOUBTS_BEFORE_BELIEVED))
def test_a_doubt_has_a_reason_and_an_end(
    postings: int, vanished: int, more: int, recent: tuple[int, ...], doubts: int
) -> None:
    """A whole reading is believed or doubted with a reason; the same reading three times in a row is believed, and
    what is remembered never exceeds the most recent few."""
    for number in range(1, DOUBTS_BEFORE_BELIEVED + 2):
        verdict = judge(
            whole=True,
            postings=postings,
            vanished=vanished,
            open_roles=vanished + more,
            recent=recent,
            doubts=doubts,
        )
        assert verdict.believed or verdict.why
        assert len(verdict.recent) <= RECENT
        if verdict.believed:
            return
        assert number <= DOUBTS_BEFORE_BELIEVED
        recent, doubts = verdict.recent, verdict.doubts
    raise AssertionError("never believed")


@given(st.lists(st.integers(1, 300), min_size=1, max_size=RECENT), counts)
def test_an_empty_list_and_a_great_loss_are_doubted(recent: list[int], vanished: int) -> None:
    """Nothing listed where something is usual, or more roles gone at once than the cap: doubted at first sight."""
    empty = judge(whole=True, postings=0, vanished=0, open_roles=0, recent=recent, doubts=0)
    assert not empty.believed
    lost = judge(
        whole=True, postings=max(recent), vanished=vanished, open_roles=vanished, recent=recent, doubts=0
    )
    assert lost.believed == (vanished <= FEW)


def test_pages_are_read_for_what_they_say() -> None:
    """The title is there, or words that it has closed, or neither; tags and case do not matter."""
    assert page_says("Data engineer", b"<h1>Data <b>Engineer</b></h1>") == "shown"
    assert page_says("Data engineer", b"<h1>Data engineer</h1><p>This vacancy has now closed.</p>") == "gone"
    assert page_says("Data engineer", b"<h1>All our jobs</h1>") == "silent"
    assert page_says("Data engineer", b"\xff\xfe\x00") == "silent"
