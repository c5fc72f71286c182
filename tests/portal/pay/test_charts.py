"""Where the marks of the pay charts stand, whatever the amounts are."""

from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Month
from services.portal.pay import range_chart, trend_chart
from services.portal.pay.asked import Period
from services.portal.pay.range_chart import Row
from services.portal.pay.scale import scaled

pence = st.integers(0, 600_000_00)
periods: st.SearchStrategy[Period] = st.sampled_from(["year", "day"])


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """Any row: with all its marks, some of them, or none."""
    p10, p25, p50, p75, p90 = sorted(draw(st.lists(pence, min_size=5, max_size=5)))
    return Row(
        label=draw(st.text(max_size=60)),
        note="3 adverts",
        middle=draw(st.sampled_from([None, p50])),
        quarters=draw(st.sampled_from([None, (p25, p75)])),
        tenths=draw(st.sampled_from([None, (p10, p90)])),
    )


@given(st.lists(pence, min_size=1), periods, st.integers(2, 12))
def test_a_scale_holds_its_amounts_and_rises(amounts: list[int], period: Period, most: int) -> None:
    """Every amount is within, a greater one further on; the lines are round pounds, not too many, and one at least."""
    scale = scaled(amounts, period, start=10, end=300, most=most)
    places = [scale.at(amount) for amount in sorted(amounts)]
    assert places == sorted(places)
    assert all(10 <= place <= 300 for place in places)
    assert 1 <= len(scale.lines) <= most + 1
    assert all(line % 100 == 0 and scale.low <= line <= scale.high for line in scale.lines)


@given(st.lists(rows(), max_size=8), periods)
def test_a_range_chart_keeps_its_marks_in_order_and_in_the_picture(some: list[Row], period: Period) -> None:
    """Wide and narrow: whiskers hold the box, the box holds the mark, nothing leaves the drawing or its row; rows without
    an amount are not drawn."""
    charts = range_chart.placed(some, period)
    known = [row for row in some if any(True for _ in row.amounts())]
    assert (charts is None) == (not known)
    for chart in charts or ():
        assert len(chart.bars) == len(known)
        for place, bar in enumerate(chart.bars):
            assert place * chart.shape.row < bar.y - 11
            assert bar.y + 11 <= chart.bottom
            ends = [x for pair in (bar.whiskers, bar.box) if pair for x in pair]
            assert all(chart.shape.labels <= x <= chart.shape.width for x in ends)
            if bar.box and bar.mark is not None:
                assert bar.box[0] <= bar.mark <= bar.box[1]
            if bar.box and bar.whiskers:
                assert bar.whiskers[0] <= bar.box[0]


@given(st.sets(st.integers(0, 30), min_size=0, max_size=12), st.data(), periods)
def test_a_trend_joins_only_months_that_follow_each_other(
    numbers: set[int], data: st.DataObject, period: Period
) -> None:
    """A month without offers is a gap; fewer than two months are no trend."""
    months = [
        Month(month=f"{2025 + n // 12}-{n % 12 + 1:02}", adverts=1, middle=data.draw(pence))
        for n in sorted(numbers)
    ]
    charts = trend_chart.placed(months, period)
    assert (charts is None) == (len(months) < 2)
    for chart in charts or ():
        assert len(chart.joined) == sum(n + 1 in numbers for n in numbers)
        assert all(
            0 <= y <= chart.bottom and chart.shape.left <= x <= chart.shape.width for x, y, _ in chart.points
        )


def test_months_have_names() -> None:
    """In words, over the turn of a year as well."""
    assert trend_chart.named("2026-12") == "December 2026"
