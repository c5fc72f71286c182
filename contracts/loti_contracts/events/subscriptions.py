"""Subscriptions: what a contact hears of, how often, and whether it said yes. No names, no addresses."""

from datetime import time
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Day, Erasure, Event, GssCode, Model, Moment, Pence, State
from loti_contracts.events.topics import SUBSCRIPTIONS
from loti_contracts.vocabulary import Area, Level

SubscriptionTopic = Literal[
    "new role",
    "benchmark moved",
    "offer below market",
    "shared demand",
    "novel role",
    "match proposed",
    "introduction",
    "follow-up due",
    "source failing",
    "library news",
    "event",
    "newsletter",
]
Frequency = Literal["at once", "daily", "weekly"]


class Subscription(Model):
    """What a contact wants to hear of. An empty filter lets everything through.

    Filters count where the topic has what they ask for: roles, families, levels and boroughs nearly everywhere, areas
    and pay for roles alone. Whoever is part of a match hears of it without a subscription; one for `match proposed`
    or `follow-up due` says how often. An introduction is always sent at once.
    """

    topic: SubscriptionTopic
    frequency: Frequency = "at once"
    families: tuple[str, ...] = ()
    standard_roles: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    boroughs: tuple[GssCode, ...] = ()
    areas: Annotated[tuple[Area, ...], Field(description="Inner or outer London.")] = ()
    minimum_pay: Annotated[
        Pence | None,
        Field(description="A year: only roles whose pay reaches it, or says nothing; null: whatever it is."),
    ] = None


class QuietHours(Model):
    """When no email should arrive, in London's time. `start` after `end` spans midnight."""

    start: Annotated[time, Field(description="Such as 18:00.")]
    end: Annotated[time, Field(description="Such as 08:00; the first minute in which mail may come again.")]
    weekends: Annotated[bool, Field(description="No mail on Saturdays and Sundays either.")] = False


class Subscriptions(State):
    """What a contact chose. The id is the contact's id.

    `asked`: somebody stated them and the person has not said yes yet. `withdrawn`: the person unsubscribed from
    everything. `lapsed`: the yes is older than a year and was not renewed. In all three nothing is sent but what the
    person takes part in (matches).
    """

    status: Literal["asked", "confirmed", "withdrawn", "lapsed"]
    subscriptions: tuple[Subscription, ...] = ()
    quiet_hours: QuietHours | None = None
    most_a_day: Annotated[int | None, Field(ge=1, le=1000)] = None
    chosen_at: Annotated[Moment, Field(description="When this was stated or chosen last.")]
    confirmed_at: Annotated[Moment | None, Field(description="When the person last said yes.")] = None
    renew_by: Annotated[Day | None, Field(description="The last day on which that yes counts.")] = None
    spoke_at: Annotated[
        Moment | None, Field(description="When the person itself last said yes or no, or chose; null: never.")
    ] = None
    question: Annotated[
        str | None,
        Field(
            description="What a confirmation is about that waits for the person's yes, while it is `asked`."
        ),
    ] = None
    moved: Annotated[
        bool, Field(description="The address is another one than when the person spoke last.")
    ] = False


class SubscriptionsChanged(Event):
    """A contact chose, confirmed, renewed or withdrew, or its yes ran out."""

    type: ClassVar[str] = "london.loti.subscriptions.changed.v1"
    topic: ClassVar[str] = SUBSCRIPTIONS.name
    about: ClassVar[str] = "subscriptions"
    subscriptions: Subscriptions


class SubscriptionsErased(Erasure):
    """The contact is forgotten. On Kafka it is a tombstone: the key alone, with an empty value."""

    type: ClassVar[str] = "london.loti.subscriptions.erased.v1"
    topic: ClassVar[str] = SUBSCRIPTIONS.name
    about: ClassVar[str] = "subscriptions"
