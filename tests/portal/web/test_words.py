"""What pages say of money, times, boroughs and counts, and what people wrote."""

import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.web.words import ago, borough, count, day, machine, markdown, moment, pounds

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pence", "period", "words"),
    [
        (5_813_300, "year", "£58,133 a year"),
        (1_540, "hour", "£15.40 an hour"),
        (52_000, "day", "£520 a day"),
        (0, None, "£0"),
        (-1_250, None, "−£12.50"),
        (None, "year", "–"),
    ],
)
def test_money_says_its_period_and_pence_only_where_there_are_any(
    pence: int | None, period: str | None, words: str
) -> None:
    """Whole pounds are shown so; what is not known is a dash."""
    assert pounds(pence, period) == words  # type: ignore[arg-type]


@given(st.integers(min_value=0, max_value=10**15))
def test_no_penny_is_lost(pence: int) -> None:
    """What is shown is the amount, to the penny."""
    whole, _, part = pounds(pence).removeprefix("£").replace(",", "").partition(".")
    assert int(whole) * 100 + int(part or 0) == pence


def test_times_are_londons() -> None:
    """In summer London is an hour ahead of UTC; midnight and noon are 12am and 12pm."""
    assert moment(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026 at 12:30am"
    assert moment(datetime(2026, 11, 3, 12, 5, tzinfo=UTC)) == "3 November 2026 at 12:05pm"
    assert day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == day(date(2026, 7, 2)) == "2 July 2026"
    assert machine(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2026-07-01T23:30:00+00:00"
    assert (day(None), moment(None), ago(None, NOW)) == ("–", "–", "–")


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ({"seconds": 20}, "just now"),
        ({"seconds": 60}, "1 minute ago"),
        ({"hours": 5}, "5 hours ago"),
        ({"days": 2}, "2 days ago"),
        ({"days": 70}, "2 months ago"),
        ({"days": 800}, "2 years ago"),
        ({"days": -2}, "in 2 days"),
        ({"seconds": -2}, "in a moment"),
    ],
)
def test_how_long_ago_is_told_in_the_largest_unit(before: dict[str, float], words: str) -> None:
    """From minutes to years, back and ahead."""
    assert ago(NOW - timedelta(**before), NOW) == words


def test_boroughs_have_names_and_counts_their_plurals() -> None:
    """An unknown code is shown as it is."""
    assert borough("E09000007") == "Camden"
    assert borough("E09000099") == "E09000099"
    assert count(1, "role") == "1 role"
    assert count(2_310, "role") == "2,310 roles"
    assert count(0, "authority") == "0 authorities"
    assert count(3, "match") == "3 matches"
    assert count(2, "working day") == "2 working days"
    assert count(2, "open role") == "2 open roles"
    assert count(2, "is", "are") == "2 are"


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        "<a href='vbscript:x'>a</a>",
        "![a](http://spy.example/x.png)",
        "`</code><script>`",
        '[a](http://x.example/"onmouseover="alert(1))',
    ],
)
def test_what_people_wrote_brings_no_script_and_asks_no_other_site(written: str) -> None:
    """Tags are text; links lead to http(s) and mailto alone; no picture is loaded."""
    assert not list(_harm(markdown(written)))


@given(st.text(alphabet=st.sampled_from("<>\"'`[]()!&;:/=#*_-\n\0 javscripthref\\x0a01é"), max_size=200))
def test_no_text_brings_harm(written: str) -> None:
    """Whatever is written, only the design system's own elements come of it."""
    assert not list(_harm(markdown(written)))


def test_headings_stay_below_the_pages_own() -> None:
    """A page has one heading of the first level: its title."""
    made = markdown("# One\n\n## Two\n\n###### Six\n\n- a\n- b")
    assert re.findall(r"<(h\d)", made) == ["h2", "h2", "h4"]
    assert '<ul class="govuk-list govuk-list--bullet">' in made


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "img", "style", "iframe", "object", "form", "svg", "h1"}:
            self.found.append(tag)
        self.found += [name for name, value in attrs if name not in {"href", "class", "rel"}]
        self.found += [
            value
            for name, value in attrs
            if name == "href" and value and not re.match(r"(https?:|mailto:|[^:]*$)", value)
        ]


def _harm(html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found
