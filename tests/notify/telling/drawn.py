"""Subscriptions and things, drawn at random."""

from datetime import timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from loti_contracts.events import (
    Pay,
    StandardRoleNamed,
    Subscription,
    SubscriptionTopic,
)
from loti_contracts.vocabulary import LEVELS
from services.notify.things import Thing
from tests.notify.making import (
    BROMLEY,
    CAMDEN,
    HACKNEY,
    NOW,
    authorities,
    demand,
    item,
    meeting,
    novel,
    role,
    signal,
    source,
)

TOPICS: tuple[SubscriptionTopic, ...] = get_args(SubscriptionTopic)
BOROUGHS = st.lists(st.sampled_from([CAMDEN, HACKNEY, BROMLEY]), unique=True)
FAMILIES = ["Data", "User-centred design"]
STANDARD = [
    None,
    StandardRoleNamed(name="Data engineer", family="Data"),
    StandardRoleNamed(name="Data analyst", family="Data"),
    StandardRoleNamed(name="User researcher", family="User-centred design"),
]
NAMES = [one.name for one in STANDARD if one]
PAYS = [
    None,
    Pay(text="£45,000 to £52,000", minimum=4_500_000, maximum=5_200_000, period="year"),
    Pay(text="£3,000 a month", minimum=300_000, maximum=300_000, period="month"),
    Pay(text="£500 a day", minimum=50_000, maximum=50_000, period="day"),
    Pay(text="Competitive"),
]


def _some(values: list[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


def subscriptions(topics: tuple[SubscriptionTopic, ...] = TOPICS) -> st.SearchStrategy[Subscription]:
    """One to one of these topics, with any filters."""
    return st.builds(
        Subscription,
        topic=st.sampled_from(topics),
        frequency=st.sampled_from(["at once", "daily", "weekly"]),
        families=_some(FAMILIES),
        standard_roles=_some(NAMES),
        levels=_some(list(LEVELS[2:5])),
        boroughs=_some([CAMDEN, HACKNEY, BROMLEY]),
        areas=_some(["inner", "outer"]),
        minimum_pay=st.none() | st.sampled_from([3_600_000, 5_200_000, 9_000_000]),
    )


@st.composite
def roles(draw: st.DrawFn, id_: str = "role-1", revision: int = 1) -> Any:
    """An open role of which more or less is known."""
    return role(
        id_,
        revision,
        standard_role=draw(st.sampled_from(STANDARD)),
        level=draw(st.sampled_from([None, *LEVELS[2:5]])),
        authorities=authorities(*draw(BOROUGHS)),
        pay=draw(st.sampled_from(PAYS)),
        closes_on=draw(
            st.none() | st.integers(0, 30).map(lambda days: NOW.date() + timedelta(days=days + 1))
        ),
    )


@st.composite
def things(draw: st.DrawFn) -> Thing:
    """Anything that is told to those who chose its topic; a signal of an offer is of `role-1`."""
    found: Thing = draw(
        st.one_of(
            roles(),
            st.builds(
                lambda name, level: signal("signal-1", "role-1", standard_role=name, level=level),
                st.sampled_from(NAMES),
                st.sampled_from(LEVELS[2:5]),
            ),
            st.builds(
                lambda name, level: signal("signal-2", None, standard_role=name, level=level),
                st.sampled_from([*NAMES, "Something unheard of"]),
                st.sampled_from([*LEVELS[2:5], "all"]),
            ),
            st.builds(lambda family: demand(family=family), st.sampled_from(FAMILIES)),
            BOROUGHS.map(lambda codes: novel(boroughs=authorities(*codes))),
            BOROUGHS.map(lambda codes: source(authorities=authorities(*codes))),
            st.builds(
                lambda families, codes: item(families=families, boroughs=tuple(codes)),
                _some(FAMILIES),
                BOROUGHS,
            ),
            st.builds(lambda names: meeting(standard_roles=names), _some(NAMES)),
        )
    )
    return found
