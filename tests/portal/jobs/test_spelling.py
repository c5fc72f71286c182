"""A word typed wrongly is read as the one that was meant, and no word as one that is far from it."""

from hypothesis import given
from hypothesis import strategies as st

from services.portal.jobs.spelling import meant, respelt, slips, typed_words

KNOWN = (
    "architect",
    "analyst",
    "developer",
    "engineer",
    "enterprise",
    "security",
    "python",
    "digital",
    "service",
)
_LETTERS = st.sampled_from("abcdefghijklmnopqrstuvwxyz")


@st.composite
def slipped(draw: st.DrawFn) -> tuple[str, str]:
    """A known word, and it with one slip after its first letter."""
    word = draw(st.sampled_from(KNOWN))
    at, letter = draw(st.integers(1, len(word) - 2)), draw(_LETTERS)
    return word, draw(
        st.sampled_from(
            (
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            )
        )
    )


@given(slipped())
def test_one_slip_is_forgiven(pair: tuple[str, str]) -> None:
    """A letter too many, too few, another one, or two that changed places: the word is found all the same."""
    word, typed = pair
    assert meant(typed, KNOWN) == word


@given(st.text(_LETTERS, min_size=3, max_size=12))
def test_no_word_is_read_as_one_that_is_far_from_it(typed: str) -> None:
    """What is taken for a typed word begins with it or is two slips away at most."""
    found = meant(typed, KNOWN)
    assert found is None or found.startswith(typed) or slips(typed, found) <= (1 if len(typed) < 6 else 2)


@given(st.text(max_size=10), st.text(max_size=10), st.text(max_size=10))
def test_slips_are_counted_alike_both_ways(a: str, b: str, c: str) -> None:
    """As many slips from one word to another as back; none to itself; never more than the longer word has letters."""
    assert slips(a, b) == slips(b, a)
    assert slips(a, a) == 0
    assert abs(len(a) - len(b)) <= slips(a, b) <= max(len(a), len(b))
    assert slips(a + c, b + c) <= slips(a, b)


def test_the_beginning_of_a_word_is_enough() -> None:
    """While somebody types, the shortest word that begins so is looked for."""
    assert meant("archi", ("architecture", "architect", "arch")) == "architect"


def test_only_the_words_change() -> None:
    """Quotes, minus signs and order stay as they were typed."""
    assert (
        respelt('"enterprize architect" -Senor', {"enterprize": "enterprise"})
        == '"enterprise architect" -Senor'
    )
    assert typed_words('"Enterprize Architect" -is 2026 enterprize') == ("enterprize", "architect")
