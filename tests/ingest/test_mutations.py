"""Mutated documents of every kind of board: no crash, and no good posting lost without a word."""

import random
from collections.abc import Mapping

import pytest

from services.ingest.boards import Reading
from tests.ingest.mutations import Recorded, judge, recorded


@pytest.mark.parametrize("one", recorded(), ids=lambda one: one.kind)
def test_a_damaged_document_never_loses_a_good_posting(one: Recorded) -> None:
    """Whatever is wrong in one place: NotABoard, a gap, or everything else read as before. `python -m
    tests.ingest.mutations` does the same ten thousand times."""
    chance = random.Random(one.kind)
    came = [judge(one, chance) for _ in range(25)]
    assert [lost for _, losses in came for lost in losses] == []
    assert {word for word, _ in came} - {"whole"}, "some damage is always noticed"


def test_what_was_lost_would_be_told() -> None:
    """A reader that loses a posting in silence is found out."""

    class Forgetful(Recorded):
        def read(self, pages: Mapping[str, bytes]) -> Reading | None:
            found = super().read(pages)
            if found is not None:
                found.postings = found.postings[:-1]
            return found

    sound = next(one for one in recorded() if one.kind == "oleeo")
    forgetful = Forgetful(sound.kind, sound.board, sound.pages, sound.postings)
    chance = random.Random(1)
    assert any(losses for _, losses in (judge(forgetful, chance) for _ in range(25)))
