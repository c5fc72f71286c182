"""Drafts: what was heard becomes a newsletter."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.letters.blocks import Heading
from services.notify.letters.wording import one_line
from services.notify.newsletter.checking import problems_of
from services.notify.newsletter.drafted import line as at_start
from services.notify.newsletter.drafted import link, period, plain
from services.notify.newsletter.drafting import GREETING, Heard, draft
from services.notify.newsletter.edition_file import write_file
from services.notify.newsletter.highlights import IN_FULL, by_borough, by_family, highlights
from services.notify.newsletter.markdown import blocks
from tests.notify.newsletter.making import (
    SINCE,
    SITE,
    UNTIL,
    OpenLinks,
    demand,
    event,
    item,
    month,
    novel,
    role,
    signal,
)
from tests.notify.newsletter.test_markdown import told

_OPEN = ("TODO", "FIXME", "XXX", "lorem")
_WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        (
            "# Head",
            "1. First",
            "2026) x",
            "- x",
            "[[x]]",
            "<script>",
            "a](b)",
            "**b**",
            "`c`",
            "&copy;",
            "x\n\n## y",
        )
    ),
).filter(lambda text: not any(word.lower() in text.lower() for word in _OPEN))
_URLS = st.sampled_from(
    (
        "https://a.example/b(c)_*d*?x=1&copy;=2#e",
        "javascript:alert(1)",
        "https://ü.example",
        "",
        "https://a.example",
    )
)
_ROLES = st.lists(
    st.builds(
        lambda number, title, url, employer, known: role(
            number,
            title=title,
            links=(url,),
            employer=employer,
            **({} if known else {"authorities": (), "standard_role": None}),
        ),
        st.integers(0, 500),
        _WORDS,
        _URLS,
        _WORDS | st.none(),
        st.booleans(),
    ),
    max_size=20,
    unique_by=lambda one: one.id,
).map(tuple)
_HEARD = st.builds(
    Heard,
    roles=_ROLES,
    gone=st.integers(0, 30),
    signals=st.lists(
        st.builds(
            lambda number, kind, words: signal(number, kind=kind, sentence=words, standard_role=words or "x"),
            st.integers(1, 99),
            st.sampled_from(("benchmark moved", "below market", "above market", "spans levels")),
            _WORDS,
        ),
        max_size=9,
    ).map(tuple),
    demands=st.lists(
        st.builds(
            lambda name, words: demand(name, sentence=words, step_why=words), _WORDS.filter(bool), _WORDS
        ),
        max_size=7,
    ).map(tuple),
    novel=st.lists(
        st.builds(lambda words, url: novel(title=words, why=words, links=(url,)), _WORDS, _URLS), max_size=7
    ).map(tuple),
    items=st.lists(
        st.builds(lambda words, url: item(title=words or "x", summary=words, link=url), _WORDS, _URLS),
        max_size=9,
    ).map(tuple),
    events=st.lists(
        st.builds(
            lambda number, words, url: event(number, title=words or "x", summary=words, link=url),
            st.integers(1, 99),
            _WORDS,
            _URLS,
        ),
        max_size=9,
    ).map(tuple),
)


def drafted(heard: Heard) -> str:
    """The file of a draft."""
    return write_file(draft(heard, since=SINCE, until=UNTIL, links=OpenLinks()))


@given(_HEARD)
@settings(max_examples=25, deadline=None)
def test_any_draft_passes_the_check(heard: Heard) -> None:
    """Whatever was heard, and whatever others wrote into it, a draft has nothing wrong but the greeting that waits."""
    file, problems = problems_of(drafted(heard))
    assert file is not None
    assert [problem for problem in problems if problem.serious] == [
        problem for problem in problems if "waits to be filled in" in problem.what
    ][:1]


@given(_WORDS, _URLS)
def test_words_from_outside_stay_words(words: str, url: str) -> None:
    """A title is read as it is, at the start of a line and within one; a link is its words, and leads there or nowhere."""
    seen = "".join(one_line(words).split())
    for written in (f"x{plain(words)}", f"{at_start(words)}x", f"x{link(words, url, 200)}"):
        assert "".join(told(written).split()).replace("x", "") == seen.replace("x", "")


def test_a_month() -> None:
    """A draft tells of everything in its order: roles, the rest of them, shared demand, pay, new kinds, library, events."""
    file = draft(month(), since=SINCE, until=UNTIL, links=OpenLinks())
    assert file.title == "Digital jobs in London’s boroughs, November 2026"
    assert file.summary == (
        "47 new roles, two roles that several boroughs look for, two moves in pay, two new items in the library and one "
        "event to come to."
    )
    assert [
        block.text for block in blocks(file.markdown) if isinstance(block, Heading) and block.level == 2
    ] == [
        "New roles worth a look",
        "35 more new roles",
        "What several boroughs look for",
        "What happens to pay",
        "New kinds of work",
        "New in the library",
        "Coming up",
    ]
    assert GREETING in file.markdown
    assert "**What they could do:** advertise together." in file.markdown
    assert f'[Put it in your calendar]({SITE}/events/item-3.ics "Put it in your calendar: ' in file.markdown
    assert "Three offers lie below three quarters of what others offer: Data engineer (3)." in file.markdown


def test_a_month_without_news() -> None:
    """A draft of nothing says so, in a few sentences."""
    file = draft(Heard(), since=SINCE, until=UNTIL, links=OpenLinks())
    assert "no new digital role" in file.markdown
    assert "## " not in file.markdown


@given(st.integers(0, 60), st.randoms())
@settings(max_examples=25)
def test_highlights(number: int, random: object) -> None:
    """A dozen at most, of as many families as there are; each role once, in full or counted; the order in which roles came
    does not count."""
    roles = [role(n) for n in range(number)]
    shown = highlights(roles, UNTIL)
    assert len(shown) == min(number, IN_FULL)
    assert len(by_family(shown)) == min(len(by_family(roles)), len(shown))
    assert highlights(_shuffled(roles, random), UNTIL) == shown
    rest = [one for one in roles if one not in shown]
    counted = [one for found in by_family(rest).values() for at in by_borough(found).values() for one in at]
    assert sorted(one.id for one in [*shown, *counted]) == sorted(one.id for one in roles)


def _shuffled(roles: Sequence[object], random: object) -> list[object]:
    mixed = list(roles)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    return mixed


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ((2026, 11, 1), (2026, 11, 30), "November 2026"),
        ((2026, 11, 1), (2026, 11, 15), "1 to 15 November 2026"),
        ((2026, 11, 20), (2026, 12, 3), "20 November to 3 December 2026"),
        ((2026, 12, 20), (2027, 1, 3), "20 December 2026 to 3 January 2027"),
        ((2026, 12, 3), (2026, 12, 3), "3 December 2026"),
    ],
)
def test_periods(since: tuple[int, int, int], until: tuple[int, int, int], words: str) -> None:
    """A period is said as people say it."""
    assert period(date(*since), date(*until)) == words
