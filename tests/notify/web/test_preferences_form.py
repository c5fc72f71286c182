"""The preferences form: what was chosen survives it, and what cannot be is refused beside its field."""

from datetime import time
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.choices import NotTyped, time_of_day, whole_number, yearly_pay
from loti_contracts.events import Frequency, QuietHours, Subscription, SubscriptionTopic
from loti_contracts.vocabulary import FAMILIES, LEVELS, authorities, standard_roles
from services.notify.web.preferences_form import Chosen, Form, Problem, offered, shown, typed
from services.notify.web.preferences_read import read

STAFF = ("LOTI staff",)
TOPICS = get_args(SubscriptionTopic)

times = st.times().map(lambda one: one.replace(second=0, microsecond=0))
filters = st.fixed_dictionaries(
    {
        "levels": st.lists(st.sampled_from(LEVELS), unique=True).map(tuple),
        "boroughs": st.lists(st.sampled_from(list(authorities())), unique=True, max_size=5).map(tuple),
        "families": st.lists(st.sampled_from((*FAMILIES, "One of their own")), unique=True).map(tuple),
        "minimum_pay": st.none() | st.integers(1, 100_000_000),
    }
)


def subscription(topic: SubscriptionTopic) -> st.SearchStrategy[Subscription]:
    """One of that topic; a newsletter comes at once."""
    often: tuple[Frequency, ...] = ("at once",) if topic == "newsletter" else get_args(Frequency)
    return st.builds(
        lambda frequency, filters: Subscription(topic=topic, frequency=frequency, **filters),
        st.sampled_from(often),
        filters,
    )


chosen = st.builds(
    Chosen,
    st.lists(st.sampled_from(TOPICS), unique=True)
    .flatmap(lambda topics: st.tuples(*(subscription(topic) for topic in topics)))
    .map(tuple),
    st.none()
    | st.builds(QuietHours, start=times, end=times, weekends=st.booleans()).filter(
        lambda quiet: quiet.start != quiet.end or (quiet.weekends and quiet.start == time())
    ),
    st.none() | st.integers(1, 1000),
)


def fields_of(form: Form) -> dict[str, list[str]]:
    """What a browser sends of a form that is shown."""
    said: dict[str, list[str]] = {name: [value] for name, value in form.frequencies.items()}
    for at, search in enumerate(form.searches):
        said[f"roles-{at}"] = [search.frequency]
        said[f"roles-{at}-minimum_pay"] = [search.minimum_pay]
        for name in ("families", "standard_roles", "levels", "boroughs", "areas"):
            said[f"roles-{at}-{name}"] = list(getattr(search, name))
    said |= {
        "quiet_from": [form.quiet_from],
        "quiet_until": [form.quiet_until],
        "most_a_day": [form.most_a_day],
    }
    return said | ({"weekends": ["yes"]} if form.weekends else {})


@given(chosen)
def test_saving_what_is_shown_changes_nothing(before: Chosen) -> None:
    """Whoever opens the page and presses Save keeps exactly what was chosen, whatever that is."""
    topics = offered(STAFF, before)
    form = typed(fields_of(shown(before, topics)), topics)
    after = read(form, topics, before)
    assert isinstance(after, Chosen), after
    assert set(after.subscriptions) == set(before.subscriptions)
    assert (after.quiet_hours, after.most_a_day) == (before.quiet_hours, before.most_a_day)


@given(st.dictionaries(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=3)))
def test_whatever_is_sent_is_chosen_or_refused(said: dict[str, list[str]]) -> None:
    """Any fields at all give a choice or problems in words, never a crash; without the page's radios always problems."""
    before = Chosen((), None, None)
    topics = offered((), before)
    found = read(typed(said, topics), topics, before)
    assert isinstance(found, Chosen) or all(problem.text for problem in found)
    assert not isinstance(found, Chosen) or "event" in said


def result(**changed: Any) -> Chosen | tuple[Problem, ...]:
    """What the form says that chooses jobs at once and nothing else, changed so."""
    before = Chosen((), None, None)
    topics = offered((), before)
    said = fields_of(shown(before, topics)) | {"roles-0": ["at once"]}
    said |= {
        name.replace("__", "-"): [value] if isinstance(value, str) else value
        for name, value in changed.items()
    }
    return read(typed(said, topics), topics, before)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"roles__0": "hourly"}, "roles-0", "how often"),
        ({"event": ""}, "event", "how often you want “Events”"),
        ({"newsletter": "weekly"}, "newsletter", "how often"),
        ({"match__proposed": "off"}, "match-proposed", "how often"),
        ({"roles__0__boroughs": ["E09000099"]}, "roles-0-boroughs", "choose from the list"),
        ({"roles__0__levels": ["wizard"]}, "roles-0-levels", "“wizard” is not one of the levels"),
        (
            {"roles__0__areas": ["inner"], "roles__0__boroughs": ["E09000002"]},
            "roles-0-areas",
            "inner London",
        ),
        (
            {"roles__0__families": ["Data"], "roles__0__standard_roles": ["Delivery manager"]},
            "roles-0-standard_roles",
            "would never come: choose the family",
        ),
        ({"roles__0__minimum_pay": "a lot"}, "roles-0-minimum_pay", "such as 45,000"),
        ({"roles__0__minimum_pay": "0"}, "roles-0-minimum_pay", "between £1 and £1,000,000"),
        ({"quiet_from": "18:00"}, "quiet_until", "when quiet hours end"),
        ({"quiet_until": "18:00"}, "quiet_from", "when quiet hours begin"),
        ({"quiet_from": "18:00", "quiet_until": "6pm"}, "quiet_until", "another time"),
        ({"quiet_from": "25:00", "quiet_until": "6pm"}, "quiet_from", "such as 18:00"),
        ({"most_a_day": "0"}, "most_a_day", "between 1 and 1,000"),
        ({"most_a_day": "-1"}, "most_a_day", "whole number"),
        ({"most_a_day": "٣"}, "most_a_day", "whole number"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(changed: dict[str, Any], field: str, words: str) -> None:
    """One mistake is one problem, at the field that can mend it, with what to do about it."""
    found = result(**changed)
    assert not isinstance(found, Chosen)
    assert [problem.field for problem in found] == [field]
    assert words in found[0].text


def test_weekends_alone_can_be_quiet() -> None:
    """No hours, but nothing on Saturdays and Sundays."""
    found = result(weekends="yes")
    assert isinstance(found, Chosen)
    assert found.quiet_hours == QuietHours(start=time(), end=time(), weekends=True)


def test_every_role_can_be_chosen() -> None:
    """All standard roles with all families fit together."""
    found = result(roles__0__families=list(FAMILIES), roles__0__standard_roles=list(standard_roles()))
    assert isinstance(found, Chosen)
    assert len(found.subscriptions[0].standard_roles) == len(standard_roles())


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "18:00": time(18),
        "18.30": time(18, 30),
        "0705": time(7, 5),
        "9": time(9),
        "24:00": time(),
        "6pm": time(18),
        "12am": time(),
        "12 p.m.": time(12),
        "6:30 PM": time(18, 30),
    }.items(),
)
def test_times_are_read_as_people_write_them(text: str, expected: time) -> None:
    """On either clock, with any of the usual marks."""
    assert time_of_day(text) == expected


@pytest.mark.parametrize(
    ("text", "pence"),
    {
        "45000": 4_500_000,
        "£45,000": 4_500_000,
        "45k": 4_500_000,
        "45 000": 4_500_000,
        "45,000.50": 4_500_050,
        "£ 1": 100,
        "1,000,000": 100_000_000,
    }.items(),
)
def test_pay_is_read_as_people_write_it(text: str, pence: int) -> None:
    """In pounds a year, with or without a sign, commas and pence."""
    assert yearly_pay(text) == pence


@given(st.text(max_size=30), st.sampled_from([time_of_day, yearly_pay, whole_number]))
def test_any_text_is_read_or_refused(text: str, parse: Any) -> None:
    """A value, or a reason that says how to write it; never another error."""
    try:
        value = parse(text)
    except NotTyped as error:
        value = error
    assert isinstance(value, time | int) or "such as" in str(value) or "between" in str(value)
