import random
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Pay, Role, Subscription
from services.notify.telling.audience import Reader, wanting
from services.notify.telling.news import news, pay_a_year
from services.notify.telling.subscriptions import filters, wanted_by, wants, why
from services.notify.things import Thing
from tests.notify.making import (
    BROMLEY,
    CAMDEN,
    EVERYTHING,
    HACKNEY,
    authorities,
    demand,
    item,
    meeting,
    novel,
    role,
    signal,
    source,
)
from tests.notify.telling.drawn import TOPICS, roles, subscriptions, things

FILTERS = ("families", "standard_roles", "levels", "boroughs", "areas", "minimum_pay")


def told(thing: Thing, of: Role | None = None):  # type: ignore[no-untyped-def]
    """The news of a thing that has some."""
    found = news(thing, of)
    assert found is not None
    return found


@given(things())
def test_without_filters_everything_of_the_topic_is_wanted_and_nothing_else(thing: Thing) -> None:
    """A subscription without filters wants every thing of its topic, even one that nothing is known of; no other."""
    one = told(thing, role())
    assert [topic for topic in TOPICS if wants(Subscription(topic=topic), one)] == [one.topic]


@given(subscriptions(), things(), roles())
def test_a_filter_more_wants_no_more(subscription: Subscription, thing: Thing, of: Role) -> None:
    """What is wanted passes each filter by itself, and what passes each is wanted."""
    one = told(thing, of)
    parts = [
        subscription.model_copy(
            update={other: () if other != "minimum_pay" else None for other in FILTERS if other != kept}
        )
        for kept in FILTERS
    ]
    assert wants(subscription, one) == all(wants(part, one) for part in parts)


@pytest.mark.parametrize(
    ("asked", "passes", "fails"),
    [
        ({"families": ("Data",)}, {}, {"standard_role": None}),
        ({"standard_roles": ("Data engineer",)}, {}, {"standard_role": None}),
        ({"levels": ("senior", "lead")}, {}, {"level": "associate"}),
        ({"levels": ("senior",)}, {}, {"level": None}),
        ({"boroughs": (HACKNEY,)}, {"authorities": authorities(CAMDEN, HACKNEY)}, {}),
        ({"boroughs": (CAMDEN,)}, {}, {"authorities": ()}),
        ({"areas": ("outer",)}, {"authorities": authorities(BROMLEY)}, {}),
        ({"minimum_pay": 5_200_000}, {}, {"pay": Pay(text="£51,999", minimum=5_199_900, period="year")}),
        (
            {"minimum_pay": 5_200_000},
            {"pay": None},
            {"pay": Pay(text="£4,000", maximum=400_000, period="month")},
        ),
        (
            {"minimum_pay": 5_200_000},
            {"pay": Pay(text="£90 a day", maximum=9_000, period="day")},
            {"pay": Pay(text="£999 a week", maximum=99_900, period="week")},
        ),
    ],
)
def test_each_filter_of_new_roles(asked: dict, passes: dict, fails: dict) -> None:  # type: ignore[type-arg]
    """Family, role, level, borough, area and pay each let through what they say. What is not known passes no filter and
    is never guessed; a pay that is not said, or not by the year, month or week, passes any wish."""
    subscription = Subscription(topic="new role", **asked)
    assert wants(subscription, told(role(**passes)))
    assert not wants(subscription, told(role(**fails)))


def test_filters_count_where_the_topic_has_what_they_ask_for() -> None:
    """A benchmark is of no borough, a new kind of role of no family, a piece for everybody passes every filter."""
    narrow: dict[str, Any] = {
        "families": ("Data",),
        "boroughs": (HACKNEY,),
        "areas": ("outer",),
        "minimum_pay": 9_900_000,
    }
    for thing in (signal("moved", None), novel(boroughs=authorities(HACKNEY)), item(), meeting(), demand()):
        one = told(thing)
        assert wants(Subscription(topic=one.topic, **narrow), one)
    assert not wants(Subscription(topic="shared demand", boroughs=(BROMLEY,)), told(demand()))
    assert not wants(Subscription(topic="novel role", boroughs=(BROMLEY,)), told(novel()))
    assert not wants(
        Subscription(topic="library news", families=("Data",)), told(item(families=("Product",)))
    )
    assert not wants(Subscription(topic="benchmark moved", levels=("lead",)), told(signal("moved", None)))
    assert wants(
        Subscription(topic="benchmark moved", levels=("lead",)), told(signal("moved", None, level="all"))
    )


def test_own_offers_and_failing_boards_are_for_those_whose_business_they_are() -> None:
    """Its own borough's offers for a borough, everybody's for staff of no borough; failing boards for staff alone."""
    both = (Subscription(topic="offer below market"), Subscription(topic="source failing"))
    offer, failing = told(signal(), role()), told(source())
    readers = {
        "own": Reader("own", both, True, CAMDEN),
        "other": Reader("other", both, True, HACKNEY),
        "partner": Reader("partner", both, True),
        "staff": Reader("staff", both, True, None, ("LOTI staff",)),
        "has not said yes": Reader("has not said yes", both, False, CAMDEN, ("LOTI staff",)),
    }
    assert [name for name, one in readers.items() if wanting(one, offer)] == ["own", "staff"]
    assert [name for name, one in readers.items() if wanting(one, failing)] == ["staff"]


@given(st.lists(subscriptions(("new role",)), max_size=4), roles(), st.randoms())
def test_of_several_subscriptions_the_soonest_tells(
    wanted: list[Subscription], role_: Role, chance: random.Random
) -> None:
    """A thing that several subscriptions want is told as soon as one of them says, in whatever order they stand."""
    found = wanted_by(wanted, told(role_))
    frequencies = [one.frequency for one in wanted if wants(one, told(role_))]
    soonest = next((one for one in ("at once", "daily", "weekly") if one in frequencies), None)
    assert (found.frequency if found else None) == soonest
    chance.shuffle(wanted)
    again = wanted_by(wanted, told(role_))
    assert (again.frequency if again else None) == soonest


@given(subscriptions(), things(), roles())
def test_why_names_what_counted(subscription: Subscription, thing: Thing, of: Role) -> None:
    """The sentence is one sentence; it names a family that was asked for exactly where such a thing has one."""
    one = told(thing, of)
    subscription = subscription.model_copy(update={"topic": one.topic})
    sentence = why(subscription, one.facts)
    assert sentence.startswith("You asked to hear ")
    assert sentence.endswith(".")
    if one.facts.families is not None and subscription.families:
        assert all(family in sentence for family in subscription.families)
    if one.facts.boroughs is None:
        assert "Camden" not in sentence
    assert 0 <= filters(subscription, one.facts) <= 6


def test_the_reason_says_what_was_asked_for() -> None:
    """Each contact reads why it gets a mail, in the words of its own subscription."""
    of_role = told(role()).facts
    assert why(EVERYTHING, of_role) == "You asked to hear of every new digital role in London."
    both = Subscription(topic="new role", families=("Data",), boroughs=(CAMDEN, HACKNEY))
    assert why(both, of_role) == "You asked to hear of new Data roles in Camden or Hackney."
    one = Subscription(topic="new role", standard_roles=("Data engineer",), families=("Data",))
    assert why(one, of_role) == "You asked to hear of new Data engineer roles (Data)."
    narrow = Subscription(
        topic="new role", levels=("senior", "lead"), areas=("inner",), minimum_pay=5_000_000
    )
    assert why(narrow, of_role) == (
        "You asked to hear of new senior or lead digital roles in inner London, paying £50,000 a year or more."
    )
    moved = Subscription(topic="benchmark moved", standard_roles=("Data engineer",))
    assert why(moved, told(signal("moved", None)).facts) == (
        "You asked to hear when what is offered for Data engineer roles moves."
    )
    assert (
        why(Subscription(topic="event", boroughs=(CAMDEN,)), told(meeting()).facts)
        == "You asked to hear of events."
    )


def test_a_reason_of_hostile_length_is_short() -> None:
    """Names that somebody put into a filter are cut and counted, so that no reason grows beyond a few lines."""
    long = Subscription(topic="new role", families=("x" * 10_000, "y\n\ny"), standard_roles=("z",) * 1_000)
    assert len(why(long, told(role()).facts)) < 400
    assert "\n" not in why(long, told(role()).facts)


def test_every_topic_but_those_of_matches_and_newsletters_has_news() -> None:
    """Whatever a contact can choose is told of something, or has its own way."""
    told_of = {
        told(thing, role()).topic
        for thing in (role(), signal(), signal("moved", None), demand(), novel(), source(), item(), meeting())
    }
    own_way = {"match proposed", "introduction", "follow-up due", "newsletter"}
    assert told_of | own_way == set(get_args(Subscription.model_fields["topic"].annotation))
    assert not told_of & own_way


@given(st.integers(0, 10**9))
def test_pay_by_the_month_and_week_is_compared_by_the_year(pence: int) -> None:
    """Twelve months, fifty-two weeks; days and hours are never multiplied."""
    years = [
        pay_a_year(Pay(text="", maximum=pence, period=period))
        for period in ("year", "month", "week", "day", "hour")
    ]
    assert years == [pence, pence * 12, pence * 52, None, None]
