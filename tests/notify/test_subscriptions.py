from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import Role, StandardRoleNamed, Subscription
from services.notify.alerts import alerts
from services.notify.subscriptions import Subscriber, wanted_by, wants, why
from tests.notify.making import CAMDEN, EVERYTHING, HACKNEY, authorities, closed, role

STANDARD = (
    None,
    StandardRoleNamed(name="Data engineer", family="Data"),
    StandardRoleNamed(name="Data analyst", family="Data"),
    StandardRoleNamed(name="User researcher", family="User-centred design"),
)
ROLES = st.builds(
    lambda standard, codes: role(standard_role=standard, authorities=authorities(*codes)),
    st.sampled_from(STANDARD),
    st.lists(st.sampled_from([CAMDEN, HACKNEY]), unique=True),
)
SUBSCRIPTIONS = st.builds(
    Subscription,
    topic=st.just("new role"),
    families=st.lists(st.sampled_from(["Data", "User-centred design"]), unique=True).map(tuple),
    standard_roles=st.lists(st.sampled_from(["Data engineer", "User researcher"]), unique=True).map(tuple),
    boroughs=st.lists(st.sampled_from([CAMDEN, HACKNEY]), unique=True).map(tuple),
)


@given(ROLES)
def test_without_filters_everything_is_wanted(role_: Role) -> None:
    """A subscription without filters wants every role, even one that nothing is known of."""
    assert wants(EVERYTHING, role_)


@given(SUBSCRIPTIONS, ROLES)
def test_a_filter_more_wants_no_more(subscription: Subscription, role_: Role) -> None:
    """Taking filters away never loses a role, and what is wanted passes each filter by itself."""
    parts = [
        subscription.model_copy(
            update={other: () for other in ("families", "standard_roles", "boroughs") if other != kept}
        )
        for kept in ("families", "standard_roles", "boroughs")
    ]
    assert wants(subscription, role_) == all(wants(part, role_) for part in parts)


def test_a_standard_role_is_never_guessed() -> None:
    """A role that fits no standard role reaches nobody who asked for certain ones."""
    nameless = role(standard_role=None)
    assert not wants(Subscription(topic="new role", families=("Data",)), nameless)
    assert wants(Subscription(topic="new role", boroughs=(CAMDEN,)), nameless)


def test_a_shared_service_is_wanted_by_each_borough() -> None:
    """A role of two boroughs passes a filter on either."""
    shared = role(authorities=authorities(CAMDEN, HACKNEY))
    assert wants(Subscription(topic="new role", boroughs=(HACKNEY,)), shared)


def test_the_reason_says_what_was_asked_for() -> None:
    """Each contact reads why it gets a mail, in the words of its own subscription."""
    assert why(EVERYTHING) == "You asked to hear of every new digital role in London."
    both = Subscription(topic="new role", families=("Data",), boroughs=(CAMDEN, HACKNEY))
    assert why(both) == "You asked to hear of new Data roles in Camden or Hackney."
    one = Subscription(topic="new role", standard_roles=("Data engineer",), families=("Data",))
    assert why(one) == "You asked to hear of new Data engineer roles (Data)."


@given(st.lists(SUBSCRIPTIONS, max_size=3), ROLES)
def test_an_alert_for_each_wanted_open_role_and_no_closed_one(
    subscriptions: list[Subscription], role_: Role
) -> None:
    """A subscriber gets one alert for an open role, however many of its subscriptions want it; none when closed."""
    subscriber = Subscriber("contact-1", tuple(subscriptions))
    assert len(alerts([subscriber], [role_])) == (wanted_by(subscriptions, role_) is not None)
    assert alerts([subscriber], [closed(role_)]) == []
