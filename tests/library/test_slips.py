"""What somebody who searches means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.library.slips import meant, question, words_of


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("senoir", "senior"),
        ("analist", "analyst"),
        ("strcture", "structure"),
        ("dashbords", "dashboards"),
        ("digtal", "digital"),
    ],
)
def test_a_slip_is_understood(typed: str, word: str) -> None:
    """A letter wrong, missing, too many or in another's place."""
    assert meant(typed, ["data", "date", "senior", "analyst", "structure", "dashboards", "digital"]) == (
        word,
    )


@pytest.mark.parametrize("typed", ["dat", "2027", "sql", "wizard"])
def test_short_words_and_figures_are_taken_as_typed(typed: str) -> None:
    """Where one letter makes another word, nothing is guessed."""
    assert meant(typed, ["data", "date", "2026", "sqs", "lizards"]) == ()


@given(st.text(max_size=60))
def test_any_search_is_words(asked: str) -> None:
    """Whatever is typed becomes words that cannot be taken for the marks of a query."""
    for word in words_of(asked):
        assert not set('"\\\x00()|&!:*<>') & set(word)
        assert question(word, ["other"]) == f'"{word}" OR "other"'
