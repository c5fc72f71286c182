"""What a person calls a role is understood surely, or answered with the roles that it may mean."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.vocabulary import standard_roles
from services.ingest.titles import classify
from services.salaries.names import Unclear, Understood, understand
from services.salaries.role_names import published, synonyms, words
from tests.salaries.accuracy_names import counted, labelled, misread, titles


def _one_slip(draw: st.DrawFn, text: str) -> str:
    """One keystroke wrong: a letter left out, put in, struck for another, or two changed round."""
    at = draw(st.integers(0, len(text) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase + " "))
    return draw(
        st.sampled_from(
            [
                text[:at] + text[at + 1 :],
                text[:at] + letter + text[at:],
                text[:at] + letter + text[at + 1 :],
                text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :],
            ]
        )
    )


@st.composite
def slipped(draw: st.DrawFn) -> tuple[str, str]:
    """A standard role's name with one slip, and the name."""
    role = draw(st.sampled_from(sorted(standard_roles())))
    return _one_slip(draw, role), role


@given(slipped())
def test_a_slip_never_hides_a_role(said: tuple[str, str]) -> None:
    """Any standard role with one typing slip is understood, or answered with a list that it is in."""
    name, role = said
    meant = understand(name)
    assert role in ([meant.role] if isinstance(meant, Understood) else meant.choices), (name, meant)


@given(st.sampled_from(sorted(standard_roles())), st.data(), st.booleans())
def test_order_plural_and_capitals_never_matter(role: str, data: st.DataObject, plural: bool) -> None:
    """The words of a standard role in any order and case, singular or plural, are that role."""
    said = data.draw(st.permutations(role.replace("(", " ").replace(")", " ").split()))
    if plural and len(said[-1]) > 3 and not said[-1].endswith("s"):
        said[-1] += "s"
    name = ", ".join(word.upper() for word in said)
    meant = understand(name)
    assert isinstance(meant, Understood)
    assert meant.role == role


@given(st.text(max_size=400))
def test_any_text_is_answered(text: str) -> None:
    """Nothing that can be typed is an error, and what is not understood is offered no more than is useful."""
    meant = understand(text)
    if isinstance(meant, Unclear):
        assert set(meant.choices) <= set(standard_roles())


def test_the_labelled_list() -> None:
    """Of names that were labelled before the rules were written, none is read wrongly with confidence."""
    count = counted(labelled())
    assert count.wrong == ()
    assert count.missed == ()
    assert count.right >= 184


def test_no_title_of_an_advert_is_read_as_another_role() -> None:
    """Of the titles that others labelled for the reader of adverts, those that are understood are labelled so."""
    understood, wrong = misread(titles())
    assert wrong == []
    assert understood >= 70


@pytest.mark.parametrize(("name", "role"), sorted(synonyms()))
def test_a_synonym_means_what_it_means_on_an_advert(name: str, role: str) -> None:
    """A name leads to the figures of the adverts that carry it: the reader of adverts files it under no other role."""
    meant = understand(name)
    assert isinstance(meant, Understood)
    assert meant.role == role
    assert classify(name).role in (role, None)


def test_no_name_stands_for_two_roles() -> None:
    """A name is listed under one role, or said to be of several."""
    by_name: dict[tuple[str, ...], set[str]] = {}
    for name, role in synonyms():
        by_name.setdefault(tuple(sorted(words(name))), set()).add(role)
    assert not {name for name, roles in by_name.items() if len(roles) > 1 or name in published().several}
    assert {
        role for near in (published().several, published().near) for roles in near.values() for role in roles
    } <= set(standard_roles())


def test_every_role_level_of_the_framework_is_understood() -> None:
    """Each of the framework's names for a rung is its role and level; those that adverts use of another role too are
    asked about."""
    asked = set()
    for role, standard in standard_roles().items():
        for rung in standard.levels:
            meant = understand(rung.name)
            if isinstance(meant, Unclear):
                assert role in meant.choices
                asked.add(rung.name)
                continue
            assert (meant.role, meant.level or "practitioner") == (role, rung.level)
    assert asked == {
        "Configuration analyst",
        "Operations analyst",
        "Senior operations analyst",
        "Service desk analyst",
        "Senior service desk analyst",
    }


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("architect", {"Enterprise architect", "Data architect", "Solution architect"}),
        ("Data", {"Data analyst", "Data engineer"}),
        ("pm", {"Product manager", "Programme delivery manager"}),
        ("senior service desk analyst", {"Service desk manager", "End user computing engineer"}),
    ],
)
def test_what_fits_several_roles_lists_them(name: str, choices: set[str]) -> None:
    """Where a name is that of several roles, they are all offered and none is chosen."""
    meant = understand(name)
    assert isinstance(meant, Unclear)
    assert meant.several
    assert choices <= set(meant.choices)


@pytest.mark.parametrize(
    "name", ["technical waiter", "consent designer", "data analyst trainer", "date analyst"]
)
def test_another_word_is_no_slip(name: str) -> None:
    """A word that means something else is not taken for one of ours, however near."""
    assert isinstance(understand(name), Unclear)


def test_a_job_without_a_standard_role_is_told_the_nearest() -> None:
    """The framework has no security analyst: nobody is told that it is a security architect."""
    for name in (
        "cyber security analyst",
        "Senior Cyber-Security Analysts",
        "security engineer",
        "project manager",
    ):
        meant = understand(name)
        assert isinstance(meant, Unclear)
        assert meant.choices
        assert not meant.several


def test_two_levels_in_a_name_are_not_chosen_between() -> None:
    """A name that says two levels is asked about."""
    assert understand("senior lead data engineer") == Unclear(("Data engineer",), several=False)
