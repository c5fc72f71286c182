"""What a person's form says, without a database."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.choices import NotTyped, time_of_day, whole_number, yearly_pay
from loti_contracts.events import Consent, Frequency, QuietHours, Subscription, Subscriptions
from loti_contracts.vocabulary import LEVELS, authorities, standard_roles
from services.portal.own.form import Chosen, Form, Problem, Search, asked_too, shown, typed, with_search
from services.portal.own.form_read import read
from services.portal.own.mine import standing
from services.portal.own.searches import Asked, read_asked
from services.portal.own.topics import ROLES, TOPICS, for_anybody, narrowed, offered
from services.portal.own.wishes import Wishes, wishes_of
from services.portal.signin.forms import Form as Posted
from tests.portal.signin.making import contact

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)

frequencies = st.sampled_from(get_args(Frequency))
searches = st.builds(
    Subscription,
    topic=st.just(ROLES),
    frequency=frequencies,
    levels=st.lists(st.sampled_from(LEVELS), max_size=2, unique=True).map(tuple),
    boroughs=st.lists(st.sampled_from(sorted(authorities())), max_size=3, unique=True).map(tuple),
    standard_roles=st.lists(st.sampled_from(sorted(standard_roles())), max_size=2, unique=True).map(tuple),
    minimum_pay=st.none() | st.integers(1, 100_000_000),
)
others = st.lists(st.sampled_from([one.topic for one in TOPICS]), unique=True, max_size=4).flatmap(
    lambda names: st.tuples(
        *(st.builds(Subscription, topic=st.just(name), frequency=frequencies) for name in names)
    )
)
times = st.times().map(lambda one: one.replace(second=0, microsecond=0))
hours = st.tuples(times, times).filter(lambda pair: pair[0] != pair[1])
quiet = st.builds(
    lambda pair, weekends: QuietHours(start=pair[0], end=pair[1], weekends=weekends), hours, st.booleans()
)


def sent_back(form: Form) -> Posted:
    """What a browser sends of a form that is shown."""
    fields = [("name", form.name), ("quiet_from", form.quiet_from), ("quiet_until", form.quiet_until),
              ("most_a_day", form.most_a_day), *form.often.items()]  # fmt: skip
    fields += [("weekends", "yes")] if form.weekends else []
    for number, search in enumerate(form.searches):
        fields += [(f"search-{number}", search.often), (f"search-{number}-pay_from", search.pay_from)]
        fields += [
            (f"search-{number}-{name}", value)
            for name, values in (search.filters or {}).items()
            for value in values
        ]
    return Posted(fields)


@given(
    st.lists(searches, max_size=3, unique=True), others, st.none() | quiet, st.none() | st.integers(1, 1_000)
)
def test_a_form_that_nobody_touched_changes_nothing(
    jobs: list[Subscription], rest: tuple[Subscription, ...], hours: QuietHours | None, most: int | None
) -> None:
    """What is shown and sent back as it is says what was chosen, whatever that was."""
    before = Wishes((*jobs, *rest), hours, most)
    topics = offered(before.subscriptions, borough=True, staff=True)
    form = shown("Amara", before, topics)
    assert typed(sent_back(form), topics) == form
    after = read(form, topics, before)
    assert isinstance(after, Chosen)
    always = {one.topic for one in TOPICS if one.always}
    each_edition = [
        one.model_copy(update={"frequency": "at once"}) if one.topic == "newsletter" else one for one in rest
    ]
    assert after.name == "Amara"
    assert after.quiet_hours == hours
    assert after.most_a_day == most
    assert {one for one in after.subscriptions if one.topic not in always} == {
        one for one in (*jobs, *each_edition) if one.topic not in always
    }


def test_what_the_form_does_not_offer_stays() -> None:
    """Filters of other topics, and topics of other people, are not lost by saving."""
    known = (
        Subscription(topic="shared demand", frequency="daily", families=("Data",)),
        Subscription(topic="introduction", frequency="at once"),
    )
    before = Wishes(known)
    topics = offered(known, borough=False, staff=False)
    form = shown("", before, topics)
    form = typed(Posted([*((name, value) for name, value in form.often.items() if name != "shared-demand"),
                         ("shared-demand", "weekly"), ("search-0", "never")]), topics)  # fmt: skip
    after = read(form, topics, before)
    assert isinstance(after, Chosen)
    assert after.subscriptions == (known[0].model_copy(update={"frequency": "weekly"}), known[1])


@pytest.mark.parametrize(
    ("field", "value", "where", "words"),
    [
        ("search-0", "sometimes", "search-0", "Choose how often"),
        ("search-0-borough", "E09000099", "search-0-borough", "choose from the list"),
        ("search-0-pay_from", "much", "search-0-pay_from", "such as 45,000"),
        ("newsletter", "daily", "newsletter", "Newsletter"),
        ("quiet_from", "25:00", "quiet_from", "such as 18:00"),
        ("quiet_from", "18:00", "quiet_until", "when quiet hours end"),
        ("quiet_until", "8", "quiet_from", "when quiet hours begin"),
        ("most_a_day", "0", "most_a_day", "between 1 and 1,000"),
        ("most_a_day", "many", "most_a_day", "such as 5"),
        ("name", "n" * 101, "name", "100 characters or fewer"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(field: str, value: str, where: str, words: str) -> None:
    """Beside its field, with what to do; what was typed stays."""
    before = Wishes((Subscription(topic=ROLES),))
    topics = offered((), borough=True, staff=False)
    sent = dict(sent_back(shown("", before, topics))._fields) | {field: value}
    form = typed(Posted(list(sent.items())), topics)
    found = read(form, topics, before)
    assert not isinstance(found, Chosen)
    assert found[0].field == where
    assert words in found[0].text


def test_filters_that_let_nothing_through_are_said() -> None:
    """A role outside its families, boroughs outside their part of London."""
    topics = offered((), borough=False, staff=False)
    often = {one.field: one.options[0][0] for one in topics}
    apart = {
        "family": ("Data",),
        "role": ("Delivery manager",),
        "borough": ("E09000003",),
        "area": ("inner",),
    }
    found = read(Form("", (Search("daily", apart),), often), topics, Wishes())
    assert found == (
        Problem(
            "search-0-role",
            "“Delivery manager” would never come: choose the family “Product and delivery” too, or no family",
        ),
        Problem(
            "search-0-area",
            "None of your boroughs is in inner London: choose other boroughs, or no part of London",
        ),
    )


def test_who_can_choose_what() -> None:
    """Offers of one's own borough for its people, boards for LOTI, and to anybody neither; what was chosen stays."""

    def names(**who: Any) -> set[str]:
        return {one.topic for one in offered(who.pop("chosen", ()), **who)}

    assert {"offer below market", "source failing"}.isdisjoint(names(borough=False, staff=False))
    assert "offer below market" in names(borough=True, staff=False)
    assert {"offer below market", "source failing"} <= names(borough=False, staff=True)
    kept = (Subscription(topic="source failing"),)
    assert "source failing" in names(borough=False, staff=False, chosen=kept)
    assert not any(one.always or one.for_ for one in for_anybody())


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["topic", "often", "role", "borough", "area", "pay_from", "x"]),
            st.text(max_size=8),
        )
    )
)
def test_any_address_is_read(pairs: list[tuple[str, str]]) -> None:
    """What is not understood is left out; what is left says the same again."""
    asked = read_asked(pairs)
    assert read_asked(asked.pairs()) == asked


def test_a_search_of_the_jobs_board_becomes_a_subscription() -> None:
    """With the same names in the address; what emails cannot be narrowed by is said."""
    asked = read_asked(
        [("role", "Data analyst"), ("borough", "E09000007"), ("level", "senior"), ("pay_from", "45000"),
         ("words", "python"), ("contract", "permanent"), ("area", "middle"), ("family", "Cats"), ("often", "daily")]
    )  # fmt: skip
    assert asked.jobs == Subscription(
        topic=ROLES, frequency="daily", standard_roles=("Data analyst",), boroughs=("E09000007",),
        levels=("senior",), minimum_pay=4_500_000,
    )  # fmt: skip
    assert asked.left_out == ("words", "kinds of contract")
    assert narrowed(asked.jobs) == (
        "Data analyst",
        "senior level",
        "in Camden",
        "from £45,000 a year, or with no pay stated",
    )
    assert asked.address("/me") == (
        "/me?often=daily&role=Data+analyst&level=senior&borough=E09000007&pay_from=45000"
    )
    assert read_asked([("topic", "newsletter")]).jobs is None
    assert read_asked([("borough", gss) for gss in authorities()] * 9).address("/me") != "/me"
    many = [("role", name) for name in standard_roles()] + [("borough", gss) for gss in authorities()]
    assert read_asked(many).address("/me") == "/me"


def test_what_an_address_asks_for_stands_in_the_form() -> None:
    """To be saved: a search once, topics that were off, and nothing that was chosen is changed."""
    topics = offered((), borough=False, staff=False)
    before = shown("", Wishes((Subscription(topic="event", frequency="weekly"),)), topics)
    asked = read_asked(
        [("role", "Data analyst"), ("topic", "event"), ("topic", "library news"), ("often", "daily")]
    )
    form = asked_too(before, asked, topics)
    assert [one.chosen("role") for one in form.searches] == [("Data analyst",)]
    assert (form.often["event"], form.often["library-news"]) == ("weekly", "daily")
    assert asked_too(form, asked, topics) == form
    assert asked_too(before, Asked(), topics) == before
    assert len(with_search(form, Search()).searches) == 2


@pytest.mark.parametrize(
    ("text", "found"), [("18:00", time(18)), ("18.30", time(18, 30)), ("1800", time(18)), ("6pm", time(18)),
                        ("12am", time(0)), ("12 p.m.", time(12)), ("24:00", time(0)), ("6:05 AM", time(6, 5))],
)  # fmt: skip
def test_times_are_read(text: str, found: time) -> None:
    """In the ways they are written."""
    assert time_of_day(text) == found


@pytest.mark.parametrize("text", ["", "13pm", "25", "18:60", "noon", "٣:00", "0" * 20])
def test_what_is_no_time_is_said(text: str) -> None:
    """With an example."""
    with pytest.raises(NotTyped, match="such as"):
        time_of_day(text)


def test_amounts_are_read() -> None:
    """As pence, with or without a pound sign, commas and k; and nothing beyond reason."""
    assert [yearly_pay(text) for text in ("£45,000", "45000", "45k", "45 000.50")] == [
        4_500_000, 4_500_000, 4_500_000, 4_500_050]  # fmt: skip
    for text in ("", "0", "-5", "1.000.000", "9" * 12, "£"):
        with pytest.raises(NotTyped):
            yearly_pay(text)
    assert whole_number("12") == 12


def test_the_newer_of_two_choices_counts() -> None:
    """What was said here counts until the sender acknowledges it; what was said behind a link in a mail later wins."""
    old, new = (Subscription(topic="event"),), (Subscription(topic="newsletter"),)
    here = contact(subscriptions=new, consent=Consent(given_at=NOW, how="signed in on the portal"))

    def chose(at: datetime, **facts: Any) -> Subscriptions:
        return Subscriptions(
            **(
                {"id": "c", "revision": 1, "status": "confirmed", "subscriptions": old, "chosen_at": at}
                | facts
            )
        )

    before, after = (
        chose(NOW - timedelta(days=1)),
        chose(NOW + timedelta(days=1), status="withdrawn", subscriptions=()),
    )
    assert (wishes_of(here, None).standing, wishes_of(here, None).subscriptions) == ("on its way", new)
    assert wishes_of(here, before).subscriptions == new
    assert (wishes_of(here, after).standing, wishes_of(here, after).subscriptions) == ("withdrawn", ())
    assert wishes_of(here, chose(NOW, subscriptions=new)).standing == "confirmed"
    assert wishes_of(contact(subscriptions=new), None).standing == "asked"
    assert wishes_of(contact(subscriptions=new), before).subscriptions == old
    assert wishes_of(contact(), None).standing == "nothing yet"
    every = [standing(Wishes(subscriptions, standing=one)) for one in get_args(Wishes.__annotations__["standing"]) or
             ("nothing yet", "asked", "on its way", "confirmed", "withdrawn", "lapsed") for subscriptions in ((), new)]  # fmt: skip
    assert all(one.endswith(".") for one in every)
