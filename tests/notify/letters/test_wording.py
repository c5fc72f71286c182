"""Words, figures and names: made harmless, and said as a person would."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Pay
from services.notify.letters import in_words
from services.notify.letters.plain_text import WIDTH, wrapped
from services.notify.letters.wording import one_line, paragraphs, unlinked
from tests.notify.letters.reading import linked_unasked


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    """No break, control, direction or invisible character survives, and what is one line already is not touched again."""
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not set(line) & set("\u202e\u200b\u2066\u00ad\ufeff\u3164\u2800")
    assert one_line(line) == line
    assert len(line) <= 200


@given(st.text(alphabet=st.sampled_from("ab. é–£€…’")))
def test_ordinary_words_are_kept(text: str) -> None:
    """Letters, accents, pounds, dashes and typographic quotes stay as they were; only spaces are put in order."""
    assert one_line(text) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("𝗦𝗲𝗻𝗶𝗼𝗿 Ｄａｔａ Ⓔngineer", "Senior Data Engineer"),
        ("Zoe\u0308\u0301\u0302\u0303\u0304 K", "Zoe\u0308\u0301 K"),
        ("Data\u200b Eng\u00adineer\u202e", "Data Engineer"),
        ("\u3164\u2800", ""),
        ("Half ½ and m²", "Half ½ and m²"),
        ("line\r\nline\u2028line\x85line\tline", "line line line line line"),
    ],
)
def test_what_one_line_makes_of_odd_letters(text: str, shown: str) -> None:
    """Letters dressed up as others become those; towers of accents are cut; the invisible goes; fractions stay."""
    assert one_line(text) == shown


def test_a_long_text_is_cut_at_a_word() -> None:
    """Or where there is none, at the limit."""
    assert one_line("Data Engineer " * 730, 30) == "Data Engineer Data Engineer…"
    assert one_line("x" * 500, 30) == "x" * 29 + "…"


@given(st.text())
def test_paragraphs_are_lines_of_their_own(text: str) -> None:
    """None is empty, none has a break in it, and together they are no longer than allowed."""
    made = paragraphs(text, 100)
    assert all(made)
    assert all(len(one.splitlines()) == 1 for one in made)
    assert sum(map(len, made)) <= 100


@given(st.text(alphabet=st.sampled_from("aZ9.:/@-é。 w")) | st.text())
def test_unlinked_words_are_no_links(text: str) -> None:
    """No mailbox finds an address in them, and without the marks they are the same words."""
    line = one_line(text)
    assert linked_unasked(unlinked(line)) == []
    assert unlinked(line).replace("\u200b", "") == line


@given(
    st.text(alphabet=st.characters(categories=("L", "Nd", "Zs"))),
    st.sampled_from(["", "* ", "Where          "]),
)
def test_wrapped_words_are_the_same_words(text: str, first: str) -> None:
    """In lines that fit, unless one word alone is longer; nothing is lost, nothing is broken."""
    text = one_line(text, 2_000)
    lines = wrapped(text, first, " " * len(first)).split("\n")
    assert " ".join(" ".join(lines).split()) == " ".join(f"{first}{text}".split())
    for line in lines:
        assert len(line) <= WIDTH or len(line.split()) <= len(first.split()) + 1


@pytest.mark.parametrize(
    ("offer", "words"),
    [
        (Pay(text="x", minimum=4_500_000, maximum=5_200_000, period="year"), "£45,000 to £52,000 a year"),
        (Pay(text="x", minimum=4_500_000, maximum=4_500_000, period="year"), "£45,000 a year"),
        (Pay(text="x", minimum=1_850, period="hour"), "from £18.50 an hour"),
        (Pay(text="x", maximum=40_000, period="day"), "up to £400 a day"),
        (Pay(text="Competitive", why_not="no amount"), "Competitive"),
        (None, None),
    ],
)
def test_pay_in_words(offer: Pay | None, words: str | None) -> None:
    """Pay is told as it was read, in pounds with its period; as printed where no amount was read."""
    assert in_words.pay(offer) == words


def test_times_are_londons() -> None:
    """Summer time counts, and an event over midnight says the day on which it ends."""
    starts, ends = datetime(2026, 6, 30, 22, 30, tzinfo=UTC), datetime(2026, 7, 1, 0, 0, tzinfo=UTC)
    assert in_words.weekday(starts) == "Tuesday 30 June 2026"
    assert in_words.hours(starts, ends) == "23:30, until 1 July 2026 01:00"
    assert in_words.hours(starts, starts.replace(minute=45)) == "23:30 to 23:45"
    assert in_words.closing(date(2026, 7, 1), date(2026, 6, 30)) == "1 July 2026 (tomorrow)"


@pytest.mark.parametrize(
    ("names", "most", "words"),
    [
        ([], None, ""),
        (["A"], None, "A"),
        (["A", "B", "C"], None, "A, B and C"),
        (["A", "B", "C"], 2, "A, B and one other"),
        (["A", "B", "C", "D"], 2, "A, B and 2 others"),
    ],
)
def test_lists_in_words(names: list[str], most: int | None, words: str) -> None:
    """As they are spoken."""
    assert in_words.listed(names, most=most) == words
