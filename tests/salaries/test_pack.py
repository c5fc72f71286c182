"""The page that is sent to a borough: whole, honest with few figures, and safe whatever an advert says."""

import itertools
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from loti_contracts.events import ContributedPay, PaidQuantiles, Pay
from services.salaries.in_words import pounds
from services.salaries.pack.adverts import link, one_line
from services.salaries.pack.chart import NARROW, WIDE, Range, Shape, placed
from services.salaries.pack.page import page
from tests.salaries.packs import a_pack, an_offer

MANY = [
    an_offer(n, level=("senior", "lead")[n % 2], pay=(50_000_00 + n * 1_000_00, 58_000_00 + n * 1_100_00))
    for n in range(24)
]


def text_of(html: str) -> str:
    """What a person reads, white space joined."""
    tree = LexborHTMLParser(html)
    for hidden in tree.css("style, head"):
        hidden.decompose()
    return " ".join(tree.text(separator=" ").split())


def test_figures_come_first_in_words() -> None:
    """The first paragraph says what the typical offer is, with the cell's own figures."""
    pack = a_pack(MANY)
    cell = next(cell for cell in pack.cells if cell.id == "enterprise-architect.all.london")
    assert cell.bottom is not None
    assert cell.top is not None
    first = LexborHTMLParser(page(pack)).css_first("main p")
    assert first is not None
    assert pounds(cell.bottom.p50) in first.text()
    assert pounds(cell.top.p50) in first.text()


def test_the_page_is_complete_in_itself() -> None:
    """No script, no style, font or picture from elsewhere: it can be mailed, and reads the same offline."""
    tree = LexborHTMLParser(page(a_pack(MANY)))
    assert not tree.css("script, link, img, iframe, object, embed, form")
    assert not re.search(r"url\(|@import", page(a_pack(MANY)))
    assert {a.attributes["href"] for a in tree.css("a")} == {f"https://jobs.example/{n}" for n in range(10)}


def test_the_table_beside_the_chart_holds_its_figures() -> None:
    """Every row of the chart is a row of the table that follows it, with the same middle, in both drawings."""
    tree = LexborHTMLParser(page(a_pack(MANY)))
    table = tree.css_first("figure + table")
    assert table is not None
    rows = [[cell.text(strip=True) for cell in row.css("td")] for row in table.css("tbody tr")]
    for drawing in tree.css("svg"):
        marks = [one.text() for one in drawing.css("text[font-weight='700']") if one.text().startswith("£")]
        assert marks == [row[1] for row in rows]
        assert drawing.css_first("title") is not None
        assert drawing.css_first("desc") is not None
    names = [row.css("th")[0].text().split() for row in table.css("tbody tr")]
    assert [name[0] for name in names] == ["All", "Inner", "Outer", "Senior", "Lead"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</title></style><svg onload=alert(1)>",
        "{{ 7 * 7 }}",
        "'; DROP TABLE benchmarks; --",
    ],
)
def test_what_an_advert_says_is_only_text(text: str) -> None:
    """A title, an employer or a pay text is shown as it is written, and never becomes part of the page."""
    offer = an_offer(advert={"title": text, "employer": text, "pay": Pay(text=text)})
    html = page(a_pack([offer]))
    tree = LexborHTMLParser(html)
    assert not tree.css("script, img, [onerror], [onload]")
    assert text_of(html).count(text) == 3


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_of_an_advert_leaves_the_page_as_it_is(title: str, employer: str) -> None:
    """Whatever the texts, the page has the same elements."""

    def elements(said: dict[str, str]) -> list[str]:
        tree = LexborHTMLParser(page(a_pack([an_offer(advert=said)])))
        return [node.tag or "" for node in tree.css("*") if node.tag != "span"]

    assert elements({"title": title, "employer": employer}) == elements({"title": "a", "employer": "b"})


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//jobs.example/1",
        "https://",
        "http://[",
        "",
        None,
    ],
)
def test_a_link_that_is_no_web_address_is_no_link(address: str | None) -> None:
    """The title stands there as text instead."""
    assert link(address) is None
    tree = LexborHTMLParser(page(a_pack([an_offer(advert={"link": address})])))
    assert not tree.css("a")
    assert "Enterprise Architect" in tree.css(".offers h3")[0].text()


def test_one_offer_is_called_one_offer() -> None:
    """With a single advert nothing is called typical of a market, no tenths are drawn, and no row says it twice."""
    html = page(a_pack([an_offer()]))
    assert "The only offer: £60,000 to £70,000 a year." in text_of(html)
    assert "Confidence: low" in text_of(html)
    tree = LexborHTMLParser(html)
    assert not tree.css("svg path")
    assert len(tree.css("figure + table tbody tr")) == 1


def test_tenths_are_drawn_from_ten_adverts() -> None:
    """Nine adverts have no outer tenths; ten have."""
    offers = [an_offer(n, pay=(50_000_00 + n * 1_000_00, 60_000_00 + n * 1_000_00)) for n in range(10)]
    assert not LexborHTMLParser(page(a_pack(offers[:9]))).css("svg path")
    assert LexborHTMLParser(page(a_pack(offers))).css("svg path")


def test_day_rates_stand_apart() -> None:
    """Day rates have a part of their own, and a role that has nothing else says that it has no salary."""
    days = [an_offer(n, period="day", pay=(500_00, 600_00)) for n in range(3)]
    said = text_of(page(a_pack(days)))
    assert "No borough’s advert gives a yearly salary for this role yet." in said
    assert "The typical offer runs from £500 to £600 a day" in said
    both = text_of(page(a_pack([*days, an_offer(7)])))
    assert "The only offer: £60,000 to £70,000 a year." in both
    assert "Day rates" in both
    assert "Day rates" not in text_of(page(a_pack([an_offer(7)])))


@pytest.mark.parametrize("pay", [(60_000_00, None), (None, 70_000_00)])
def test_an_end_that_is_not_printed_is_not_made_up(pay: tuple[int | None, int | None]) -> None:
    """Without both ends there is no middle and no chart, and the words say what there is."""
    html = page(a_pack([an_offer(n, pay=pay) for n in range(3)]))
    assert not LexborHTMLParser(html).css("svg")
    assert ("starts at £60,000" if pay[0] else "goes up to £70,000") in text_of(html)
    assert "None" not in text_of(html).replace("Confidence None", "")


def test_contributed_pay_is_shown_or_its_absence_explained() -> None:
    """A figure stands with how many it is from; a suppressed cell with its reason; all others with the rule."""
    shown = ContributedPay(
        paid=PaidQuantiles(p25=60_000_00, p50=64_000_00, p75=68_000_00),
        boroughs=6,
        posts=15,
        rounded_to=1_000_00,
    )
    kept = ContributedPay(suppressed="Withheld to protect other figures.")
    pack = a_pack(
        MANY,
        contributed={"enterprise-architect.all.london": shown, "enterprise-architect.lead.london": kept},
    )
    said = text_of(page(pack))
    assert "The middle of what is really paid is £64,000 a year" in said
    assert "From 6 boroughs and about 15 posts, rounded to £1,000." in said
    assert "Lead, all London Not shown. Withheld to protect other figures." in said
    assert "Not shown for any other level or area." in said
    assert "Not shown for this role." in text_of(page(a_pack(MANY)))


def test_a_level_can_come_first() -> None:
    """Asked for a level, the page begins with its figures."""
    pack = replace(a_pack(MANY), level="senior")
    assert "Enterprise architect, senior" in text_of(page(pack))
    assert "From 12 adverts" in text_of(page(pack))
    missing = text_of(page(replace(a_pack(MANY), level="head")))
    assert "No borough’s advert gives a yearly salary for this role at level head yet." in missing
    assert "All levels together: the typical offer runs from" in missing


def test_where_to_complain_and_the_method_are_named() -> None:
    """Where nobody is named, the reader is sent to whom the page came from; the method is linked where it is public."""
    said = text_of(page(a_pack(MANY)))
    assert "Tell the person who sent you this page" in said
    assert "services/salaries/METHOD.md" in said
    pack = a_pack(MANY, method_url="https://method.example/", corrections_to="<pay@example.org>")
    tree = LexborHTMLParser(page(pack))
    assert "Write to <pay@example.org>" in text_of(page(pack))
    assert tree.css("a[href='https://method.example/']")
    assert not LexborHTMLParser(page(replace(pack, method_url="javascript:x"))).css("a[href^=javascript]")


PENCE = st.integers(10_000_00, 400_000_00)
RANGES = st.lists(
    st.tuples(PENCE, PENCE, PENCE, PENCE, PENCE, st.booleans()).map(
        lambda t: Range("a", "b", *sorted(t[:5])[1:4], outer=(min(t[:5]), max(t[:5])) if t[5] else None)
    ),
    min_size=1,
    max_size=12,
)


@given(RANGES, st.sampled_from([WIDE, NARROW]))
def test_a_chart_keeps_order_and_stays_inside(ranges: list[Range], shape: Shape) -> None:
    """Whatever the figures, what is more stands further right, nothing leaves the drawing, and no rows overlap."""
    chart = placed(ranges, shape)
    for one, bar in zip(ranges, chart.bars, strict=True):
        assert chart.start <= bar.left <= bar.mark + 0.1 <= bar.right + 0.2 <= chart.end + 2.3
        assert bar.middle == one.middle
        if bar.outer is not None:
            assert chart.start <= bar.outer[0] <= bar.left
            assert bar.outer[1] <= chart.end
    assert 1 <= len(chart.ticks) <= shape.ticks + 1
    assert all(chart.start <= x <= chart.end for x, _ in chart.ticks)
    places = [bar.y for bar in chart.bars]
    assert all(later - earlier >= shape.row for earlier, later in itertools.pairwise(places))
    assert places[-1] < chart.bottom < chart.height


@given(st.text(max_size=300), st.integers(10, 100))
def test_a_line_is_one_line(text: str, most: int) -> None:
    """No control, direction or line break character of an advert reaches the page, and nothing is too long."""
    line = one_line(text, most)
    assert len(line) <= most
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", line)
