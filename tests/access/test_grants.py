"""Who is given what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.access.grants import (
    Grant,
    NotGranted,
    checked_name,
    of_service,
    of_subscriber,
    public,
    services,
    short,
    topics_named,
)
from loti_contracts.events import TOPICS
from loti_contracts.events.topics import CONTACTS, REPLAYS, ROLES


@given(
    st.lists(st.sampled_from([name for topic in TOPICS for name in (topic.name, short(topic))]), max_size=6)
)
def test_people_are_given_to_no_subscriber(names: list[str]) -> None:
    """Whatever is asked for by whatever name: a restricted topic is refused, and what is granted is reading alone."""
    try:
        topics = topics_named(names)
    except NotGranted:
        restricted = {name for topic in TOPICS if topic.restricted for name in (topic.name, short(topic))}
        assert not names or restricted & set(names)
        return
    grants = of_subscriber("me", topics)
    assert {grant.name for grant in grants if grant.resource == "topic"} == {topic.name for topic in topics}
    assert {grant.operation for grant in grants} <= {"read", "describe"}
    assert all(topic in public() for topic in topics)
    assert all(grant.name.startswith("loti.me") for grant in grants if grant.resource == "group")


def test_groups_of_another_are_not_ones_own() -> None:
    """`data` may not read in the groups of `data-platform`: what begins so ends with a dot."""
    groups = [grant for grant in of_subscriber("data", [ROLES]) if grant.resource == "group"]
    assert groups == [
        Grant("group", "loti.data", "read"),
        Grant("group", "loti.data.", "read", prefixed=True),
    ]


@pytest.mark.parametrize(
    "name", ["", "A", "a_b", "-a", "a-", "a b", "a" * 64, "é", "admin", "notify", "*", "a.b"]
)
def test_names_that_are_none(name: str) -> None:
    """And the names of the system's own parts."""
    with pytest.raises(NotGranted):
        checked_name(name)


def test_a_topic_that_is_none() -> None:
    """The error lists those that there are, without the restricted ones."""
    with pytest.raises(NotGranted, match="there is no topic 'rolls'; there are roles, ") as refused:
        topics_named(["rolls"])
    assert "contacts" not in str(refused.value)


def test_services_by_the_table_of_topics() -> None:
    """notify alone reads contacts; each writes what it owns."""
    readers = {name for name in services() if Grant("topic", CONTACTS.name, "read") in of_service(name)}
    assert readers == set(CONTACTS.heard_by)
    for topic in TOPICS:
        writers = {name for name in services() if Grant("topic", topic.name, "write") in of_service(name)}
        assert writers == ({topic.owner} if topic.owner != "every service" else set(services()))


def test_every_service_hears_of_replays_and_the_portal_sees_how_far_all_have_read() -> None:
    """Whoever may have dead letters is told which of them to handle again; nobody else may describe others' groups."""
    everybodys = Grant("group", "loti.", "describe", prefixed=True)
    for name in services():
        assert Grant("topic", REPLAYS.name, "read") in of_service(name)
        assert (everybodys in of_service(name)) == (name == "portal")
