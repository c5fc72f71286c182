"""How long boroughs wait: honest medians, and nothing that points to a few."""

from datetime import timedelta
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from services.matching.metrics import EVERYTHING, FEWEST, Cell, Course, metrics
from tests.matching.making import BARNET, CAMDEN, HACKNEY, NOON


def a_course(days: float | None = 3.0, *, stage: str = "proposed", **differences: str) -> Course:
    """A request of Camden's for a recruiter, proposed to after so many days."""
    usual = {"kind": "recruiter", "borough": CAMDEN, **differences}
    proposed = None if days is None else NOON + timedelta(days=days)
    return Course(
        **usual,
        stage=stage,
        first_stated_at=NOON,
        first_proposed_at=proposed,
        first_answered_at=None,
        introduced_at=None,
        outcome_at=None,
    )


def of_all(courses: list[Course]) -> Cell:
    """The cell of everything."""
    (cell,) = [one for one in metrics(courses) if (one.kind, one.borough) == (EVERYTHING, EVERYTHING)]
    return cell


def test_a_median_stands_beside_what_is_still_open() -> None:
    """Of those that got there the median in days; of the others how many still wait, the withdrawn not counted."""
    courses = [a_course(days) for days in (1, 2, 4, 8, 16)]
    courses += [a_course(None, stage="open")] * 6 + [a_course(None, stage="withdrawn")] * 7
    wait = of_all(courses).waits["proposal"]
    assert (wait.days, wait.there, wait.still_open) == (4.0, 5, 6)
    answer = of_all(courses).waits["answer"]
    assert (answer.days, answer.there, answer.still_open) == (None, 0, 11)


def test_small_cells_are_withheld() -> None:
    """A borough with four requests is not shown, nor the next smallest, from which it could be computed."""
    courses = [a_course()] * 20 + [a_course(borough=HACKNEY)] * 9 + [a_course(borough=BARNET)] * 4
    shown = {one.borough: one.requests for one in metrics(courses) if one.kind == EVERYTHING}
    assert shown == {EVERYTHING: 33, CAMDEN: 20, HACKNEY: None, BARNET: None}
    withheld = next(one for one in metrics(courses) if one.borough == BARNET)
    assert all((one.days, one.there, one.still_open) == (None,) * 3 for one in withheld.waits.values())


def test_few_cases_in_a_large_cell_are_withheld_too() -> None:
    """Twenty requests of which three were proposed to: how many, and how fast, is not told."""
    courses = [a_course()] * 3 + [a_course(None, stage="open")] * 17
    wait = of_all(courses).waits["proposal"]
    assert (wait.days, wait.there, wait.still_open) == (None, None, 17)


@given(
    st.lists(
        st.builds(
            a_course,
            st.none() | st.floats(0, 400),
            kind=st.sampled_from(("recruiter", "mentor")),
            borough=st.sampled_from((CAMDEN, HACKNEY, BARNET)),
        ),
        max_size=60,
    )
)
def test_no_number_tells_of_fewer_than_five(courses: list[Course]) -> None:
    """Whatever there is: each count shown is none or at least five, no dimension has a single gap to fill from its
    total, and each median is that of its cell."""
    cells = metrics(courses)
    for cell in cells:
        counts = [cell.requests, *(n for one in cell.waits.values() for n in (one.there, one.still_open))]
        assert all(count is None or count == 0 or count >= FEWEST for count in counts)
        there = [
            (one.first_proposed_at - NOON).total_seconds() / 86_400
            for one in courses
            if one.first_proposed_at
            and cell.kind in (EVERYTHING, one.kind)
            and cell.borough in (EVERYTHING, one.borough)
        ]
        if cell.waits["proposal"].days is not None:
            assert cell.waits["proposal"].days == round(median(there), 1)
    for axis in ("kind", "borough"):
        for name in {getattr(one, axis) for one in cells}:
            for both in (False, True):
                line = [
                    one
                    for one in cells
                    if getattr(one, axis) == name and (EVERYTHING not in (one.kind, one.borough)) == both
                ]
                line = [one for one in line if both or {one.kind, one.borough} != {EVERYTHING, name}]
                assert len(line) <= 1 or sum(one.requests is None for one in line) != 1
