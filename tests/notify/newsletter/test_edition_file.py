"""The file that a person edits, and what is said of its mistakes."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.letters.wording import one_line
from services.notify.newsletter.checked_words import links_in
from services.notify.newsletter.checking import problems_of
from services.notify.newsletter.edition_file import (
    EditionFile,
    FileRefused,
    edition_id,
    read_file,
    write_file,
)
from tests.notify.newsletter.making import edition

_TOP = "---\ntitle: Jobs\nsummary: New.\nsince: 2026-11-01\nuntil: 2026-11-30\n---\n"
_LINE = st.text(min_size=1, max_size=60).map(one_line).filter(bool)


def said(body: str) -> list[tuple[int, str]]:
    """What is wrong with a file of that body: lines of the body (the first is 1) and words. Hints are marked."""
    _, problems = problems_of(_TOP + body)
    return [(one.line - 6, ("" if one.serious else "hint: ") + one.what) for one in problems]


@given(
    _LINE,
    _LINE,
    st.dates(),
    st.dates(),
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0\ufeff")),
)
def test_what_is_written_is_read(title: str, summary: str, one: date, two: date, body: str) -> None:
    """A file that is written reads as the edition that it was written of."""
    since, until = sorted((one, two))
    quoted = len(title) > 1 and title[0] == title[-1] and title[0] in "\"'"
    quoted |= len(summary) > 1 and summary[0] == summary[-1] and summary[0] in "\"'"
    file = edition(body, title=title, summary=summary, since=since, until=until, id=edition_id(since, until))
    if not quoted:
        assert replace(read_file(write_file(file)), markdown=body, first_line=1) == file
    assert read_file(write_file(replace(file, id="special"))).id == "special"


@given(st.text())
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    """No text breaks the reader: it is an edition, or each thing that is wrong has a line that the file has."""
    for whole in (text, f"---\n{text}\n---\n{text}", _TOP + text):
        file, problems = problems_of(whole)
        assert file is not None or problems
        lines = whole.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        assert all(1 <= problem.line <= lines + 1 and problem.what and problem.do for problem in problems)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "facts are missing"),
        ("Hello", 1, "facts are missing"),
        ("---\ntitle: x\n", 1, "do not end"),
        (_TOP.replace("title: Jobs\n", ""), 1, "no title"),
        (_TOP.replace("Jobs", ""), 2, "no title"),
        (_TOP.replace("Jobs", "J" * 201), 2, "201 characters"),
        (_TOP.replace("2026-11-30", "30.11.2026"), 5, "no day"),
        (_TOP.replace("2026-11-30", "2026-10-30"), 5, "before it begins"),
        (_TOP.replace("summary", "sumary"), 3, "no fact"),
        (_TOP.replace("summary: New.", "title: New."), 3, "said twice"),
        (_TOP.replace("title", "id: Ä\ntitle"), 2, "no id"),
        (_TOP.replace("title", "id: test-1\ntitle"), 2, "no id"),
        (_TOP + "a\0b", 7, "NUL"),
    ],
)
def test_facts_that_are_wrong(text: str, line: int, words: str) -> None:
    """Each mistake in the facts is named with its line and what to do."""
    with pytest.raises(FileRefused) as refused:
        read_file(text)
    assert any(one.line == line and words in one.what for one in refused.value.problems)


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("", 1, "nothing to read"),
        ("# Title\n\ntext", 1, "level 1"),
        ("text\n\n### Deep", 3, "no ## above"),
        ("## A\n\n#### Deeper", 3, "too deep"),
        ("##\n\ntext", 1, "empty"),
        ("a\n[[say hello]]", 2, "'[[say hello]]' waits"),
        ("a\nTODO more", 2, "'TODO' waits"),
        ("a\n[b](/near)", 2, "'/near' leads nowhere"),
        ("a\nb [c](https:///x)", 2, "leads nowhere"),
        ("a\n[b](javascript:alert(1))", 2, "not read as a link"),
        ("a\n[b](https://c.example/d e)", 2, "not read as a link"),
        ("[](https://c.example)", 1, "no words"),
        ("![](https://c.example/d.png)", 1, "picture has no words"),
        ("![d](d.png)", 1, "leads nowhere"),
        ("a\nb\n<b>c</b>", 3, "HTML is off"),
        ("a\n\n[Note]: remember", 3, "nothing uses"),
        ("x" * 200_001, 1, "200,001 bytes"),
    ],
)
def test_what_keeps_an_edition_back(body: str, line: int, words: str) -> None:
    """Each mistake in the text is named with its line."""
    assert any(at == line and words in what and "hint" not in what for at, what in said(body)), said(body)


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("a\n\n    code", 3, "mean code"),
        ("```\ncode\n```", 1, "ordinary words"),
        ("see [here](https://c.example)", 1, "does not say where"),
        ("see https://c.example", 1, "no link yet"),
        ("![d](https://c.example/d.png)", 1, "no pictures"),
        ("Pay: TBC", 1, "something is open"),
        ("\n\n".join(["**[a](https://c.example)**"] * 3), 5, "two buttons"),
    ],
)
def test_hints(body: str, line: int, words: str) -> None:
    """What is seldom meant is mentioned and keeps nothing back."""
    assert said(body) == [(line, said(body)[0][1])]
    assert words in said(body)[0][1]
    assert said(body)[0][1].startswith("hint: ")


def test_a_good_edition_has_no_problem() -> None:
    """Escaped brackets and tags are words; addresses in angle brackets and by reference are links."""
    body = "Hello \\[\\[x\\]\\](y) &lt;b&gt;.\n\n## A\n\n### B\n\n- <https://c.example> and [d][e]\n\n[e]: https://d.example\n"
    assert said(body) == []


def test_the_links_of_an_edition() -> None:
    """Every web address that a reader could follow, with its line in the file."""
    file, _ = problems_of(
        _TOP + "[a](https://a.example)\nb <https://b.example>\n\n![c](https://c.example) mailto:x@y.example"
    )
    assert isinstance(file, EditionFile)
    assert [(link.url, link.line) for link in links_in(file)] == [
        ("https://a.example", 7),
        ("https://b.example", 8),
        ("https://c.example", 10),
    ]
