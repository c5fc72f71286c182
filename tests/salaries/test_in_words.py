"""What is asked in words is understood, and what is answered in words is true."""

import contextlib
import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import ContributedPay, PaidQuantiles
from loti_contracts.vocabulary import LEVELS, authorities
from services.salaries import in_words
from services.salaries.asked import NotUnderstood, asked, which_area, which_level
from services.salaries.cells import Cell
from services.salaries.contributed.wording import FEW, HELD_BACK
from services.salaries.nearest import nearest
from services.salaries.observations import Observation
from tests.salaries.packs import TODAY, an_offer, the_cells

ENDS = st.none() | st.integers(10_000_00, 90_000_00)
OFFERS = st.lists(
    st.builds(
        lambda n, level, low, high, days, period: an_offer(
            n,
            level=level,
            pay=(low, high) if low is None or high is None else (min(low, high), max(low, high)),
            days_ago=days,
            period=period,
        ),
        st.integers(0, 32),
        st.sampled_from(["senior", None]),
        ENDS,
        ENDS,
        st.integers(0, 900),
        st.sampled_from(["year", "year", "day"]),
    ).filter(lambda offer: offer.bottom is not None or offer.top is not None),
    min_size=1,
    max_size=30,
)


@given(OFFERS)
def test_words_say_only_what_the_cell_says(offers: Sequence[Observation]) -> None:
    """Whatever the figures, every amount in the sentences is the cell's, and so are its counts."""
    for cell in the_cells(offers):
        said = " ".join(in_words.summary(cell, TODAY))
        known = [
            *(q for q in (cell.bottom, cell.middle, cell.top) if q),
            *([cell.likely] if cell.likely else []),
        ]
        amounts = {in_words.pounds(pence) for one in known for pence in one.model_dump().values()}
        assert set(re.findall(r"£[\d,]*\d", said)) <= amounts
        assert in_words.count(cell.adverts, "advert") in said
        assert in_words.count(cell.boroughs, "borough") in said
        assert "None" not in said
        assert said.count("Confidence: ") == said.count("Trend: ") == said.count("Contributed pay: ") == 1


def test_quarters_and_tenths_are_told_of_enough_adverts() -> None:
    """Three adverts have no quarters, nine no tenths: the table leaves out what is less than one advert."""
    offers = [an_offer(n, pay=(50_000_00 + n * 1_000_00, 60_000_00 + n * 1_000_00)) for n in range(10)]

    def told(many: int) -> tuple[str, str]:
        cell = next(cell for cell in the_cells(offers[:many]) if cell.id == "enterprise-architect.all.london")
        return in_words.figures(cell), in_words.table(cell)

    assert "Half of the offers" not in told(3)[0]
    assert "1 in 4" not in told(3)[1]
    assert "Half of the offers" in told(4)[0]
    assert ("1 in 4" in told(9)[1], "1 in 10" in told(9)[1]) == (True, False)
    assert "1 in 10" in told(10)[1]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (None, f"Contributed pay: not shown. {FEW}"),
        (ContributedPay(suppressed="the reason"), "Contributed pay: not shown. The reason."),
        (
            ContributedPay(
                paid=PaidQuantiles(p10=50_000_00, p25=60_000_00, p50=64_000_00, p75=68_000_00, p90=80_000_00),
                boroughs=7,
                posts=20,
                rounded_to=1_000_00,
                as_of=date(2026, 11, 2),
                held_back=HELD_BACK,
            ),
            "Contributed pay: the middle of what is really paid is £64,000 a year; half of the posts are paid between "
            "£60,000 and £68,000. From 7 boroughs and about 20 posts, published on 2 November 2026, rounded to £1,000. "
            f"One post in ten is paid less than £50,000, one in ten more than £80,000. {HELD_BACK}",
        ),
    ],
)
def test_contributed_pay_is_told_or_its_absence(told: ContributedPay | None, words: str) -> None:
    """A figure with what it is from, or the reason; nobody's contribution and none at all sound alike."""
    cell = the_cells([an_offer()])[0].model_copy(update={"contributed": told})
    assert in_words.contributed(cell) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "(today)"),
        (1, "(1 day ago)"),
        (59, "(59 days ago)"),
        (60, "(2 months ago)"),
        (-3, "(3 days ahead)"),
    ],
)
def test_freshness_is_told_as_people_count_it(days: int, words: str) -> None:
    """How long ago the newest advert is."""
    cell = the_cells([an_offer(days_ago=0)])[0]
    assert words in in_words.evidence(cell, TODAY + timedelta(days=days))


def test_a_borough_is_no_area_but_lies_in_one() -> None:
    """Each of the 33 is answered with its area, however it is called."""
    for authority in authorities().values():
        for name in (authority.name, f"London Borough of {authority.name}", authority.name.upper()):
            with pytest.raises(NotUnderstood, match=f"say --area {authority.area}"):
                which_area(name)


def test_levels_are_understood_by_their_names() -> None:
    """Each level's own name in any case, and common words for some."""
    assert [which_level(level.upper()) for level in LEVELS] == list(LEVELS)
    assert [which_level(word) for word in ("Jnr", "graduate", "all levels", "any")] == [
        "associate",
        "trainee",
        "all",
        "all",
    ]


@given(st.text(max_size=60), st.none() | st.text(max_size=20), st.none() | st.text(max_size=20))
def test_whatever_is_asked_is_understood_or_refused(role: str, level: str | None, area: str | None) -> None:
    """Nothing that can be typed is an error of ours."""
    with contextlib.suppress(NotUnderstood):
        assert asked(role, level, area).area in ("inner", "outer", "london")


def test_the_nearest_cells_are_the_same_role_first() -> None:
    """The role's own cells, the nearest level and area first; another role only where it has none, of its family."""
    offers = [an_offer(0, level="senior"), an_offer(1, level="head"), an_offer(2, level="lead", period="day")]
    cells = the_cells(offers)
    near = [cell.id for cell in nearest(Cell("Enterprise architect", "lead", "london"), cells)]
    assert near[:2] == ["enterprise-architect.all.london", "enterprise-architect.senior.london"]
    assert len(near) == 5
    other = nearest(Cell("Data architect", "lead", "london"), cells)
    assert [cell.id for cell in other] == ["enterprise-architect.all.london"]
    assert nearest(Cell("User researcher", "lead", "london"), cells) == []
