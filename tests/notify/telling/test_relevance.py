from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.events import NotificationKind, Role, Subscription
from services.notify.telling.news import news
from services.notify.telling.relevance import of_match, relevance
from services.notify.things import Thing
from tests.notify.making import CAMDEN, HACKNEY, NOW, demand, item, meeting, novel, role, signal
from tests.notify.telling.drawn import roles, subscriptions, things

TODAY = NOW.date()


def matters(thing: Thing, borough: str | None = None, of: Role | None = None, **filters: object) -> float:
    """How much a thing matters to a contact of that borough that asked for it so."""
    found = news(thing, of)
    assert found is not None
    return relevance(found, Subscription.model_validate({"topic": found.topic, **filters}), borough, TODAY)


@given(things(), roles(), subscriptions())
def test_ones_own_borough_comes_before_others(thing: Thing, of: Role, subscription: Subscription) -> None:
    """The same thing matters more to a contact whose borough it names, and as much to every other."""
    found = news(thing, of)
    assert found is not None
    others = relevance(found, subscription, None, TODAY)
    own = relevance(found, subscription, CAMDEN, TODAY)
    assert own > others if CAMDEN in (found.facts.boroughs or ()) else own == others


@given(st.integers(0, 60), st.integers(0, 60))
def test_what_closes_sooner_matters_no_less(one: int, other: int) -> None:
    """Of two roles alike the one that closes first never comes later; within three days it comes before one without haste."""
    first, second = (matters(role(closes_on=TODAY + timedelta(days=days))) for days in sorted((one, other)))
    assert first >= second
    assert matters(role(closes_on=TODAY + timedelta(days=3))) > matters(role(closes_on=None))


def test_what_was_asked_for_narrowly_comes_first() -> None:
    """Each filter that lets a thing through lifts it; one that does not count does not."""
    wide, narrow = matters(role()), matters(role(), families=("Data",))
    narrower = matters(role(), families=("Data",), boroughs=(CAMDEN,))
    assert wide < narrow < narrower
    assert matters(novel()) == matters(novel(), families=("Data",))


def test_what_waits_for_an_answer_comes_first() -> None:
    """Matches and follow-ups before everything that is only read, then the contact's own offers below the market."""
    kinds: tuple[NotificationKind, ...] = ("match proposed", "follow-up due")
    answers = [of_match(kind) for kind in kinds]
    soon = TODAY + timedelta(days=1)
    own_offer = matters(signal(), CAMDEN, role(closes_on=None))
    read = [
        matters(role(closes_on=soon), CAMDEN),
        matters(demand(), CAMDEN),
        matters(meeting(starts=NOW + timedelta(days=1)), CAMDEN),
        matters(item()),
        matters(role(), HACKNEY),
    ]
    assert min(answers) >= 60 > max(read)
    assert own_offer > max(read)
    assert sorted(read, reverse=True).index(matters(item())) == len(read) - 1
