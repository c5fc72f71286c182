"""What a report leads to, decided without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.reports.dsn import Fate
from services.notify.reports.effects import Addressee, CameBack, effects, same_address, why

ADDRESSES = ("asks@featherstone.example", "helps@featherstone.example", "else@other.example")
FATES = st.builds(
    Fate,
    st.lists(st.sampled_from(ADDRESSES), max_size=3).map(tuple),
    st.sampled_from(["failed", "delayed", "delivered"]),
    st.sampled_from(["5.1.1", "5.2.2", "4.4.7", None]),
    st.just("smtp; 550 no"),
)
TO = st.lists(
    st.builds(Addressee, st.sampled_from(["a", "b"]), st.sampled_from([*ADDRESSES, None]), st.booleans()),
    min_size=1,
    max_size=2,
    unique_by=lambda one: one.contact_id,
)


@given(st.lists(FATES, max_size=4).map(tuple), TO)
def test_sure(says: tuple[Fate, ...], to: list[Addressee]) -> None:
    """Hard is only what is said of the address itself, in a mail that went to one alone, at the address that it has.
    Each contact is spoken of once, and only of a failure."""
    found = effects(says, to)
    assert len({one.contact_id for one in found}) == len(found)
    for effect in found:
        assert isinstance(effect, CameBack)
        [one] = [one for one in to if one.contact_id == effect.contact_id]
        assert any(fate.action == "failed" for fate in says)
        if effect.weight == "hard":
            assert len(to) == 1
            assert one.address is not None
            assert any(
                fate.weight == "hard" and (one.address in fate.recipients or not one.moved) for fate in says
            )
        elif len(to) == 2:
            assert any(one.address in fate.recipients for fate in says)
    if not any(fate.action == "failed" for fate in says):
        assert found == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("smtp; 550 5.1.1 <x@y.example> unknown", "it came back: 550 5.1.1 <<address>> unknown"),
        ("", "it came back: 5.1.1"),
        ('X-Postfix; unknown user: "x@y.example"', 'it came back: 5.1.1 unknown user: "<address>"'),
    ],
)
def test_why(said: str, expected: str) -> None:
    """Why a mail came back is told without addresses."""
    assert why(Fate((), "failed", "5.1.1", said)) == expected


def test_why_without_names() -> None:
    """Nor does it tell what stands before the @, where a mail system repeats that alone."""
    fate = Fate(
        ("wilhelmina.f@other.example",), "failed", "5.1.1", "smtp; 550 5.1.1 no user Wilhelmina.F here"
    )
    assert why(fate) == "it came back: 550 5.1.1 no user <address> here"


def test_same_address() -> None:
    """Case does not count, nor how an international domain is written."""
    assert same_address("A.B@Bücher.example", "<a.b@xn--bcher-kva.example>")
    assert not same_address("a.b@buecher.example", "a.b@bücher.example")
