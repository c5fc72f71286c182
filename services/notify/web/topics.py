"""Topics as a person reads them: what each is called, what it tells, and how often it can come. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from loti_contracts.events import ContactRole, Frequency, Subscription, SubscriptionTopic
from loti_contracts.vocabulary import authorities

USUAL: Final[tuple[Frequency, ...]] = ("at once", "daily", "weekly")
OFF: Final = "off"
FREQUENCIES: Final[dict[str, str]] = {
    OFF: "Never",
    "at once": "At once",
    "daily": "Daily",
    "weekly": "Weekly",
}


@dataclass(frozen=True, slots=True)
class TopicInWords:
    """One topic of the preferences. `always` says that it comes to whoever takes part, whatever is chosen."""

    topic: SubscriptionTopic
    name: str
    hint: str
    frequencies: tuple[Frequency, ...] = USUAL
    always: bool = False
    only_for: ContactRole | None = None

    @property
    def field(self) -> str:
        """What its field is called in the form."""
        return self.topic.replace(" ", "-")

    def offered_to(self, roles: Sequence[ContactRole], chosen: Sequence[Subscription]) -> bool:
        """Whether somebody with those roles, or that choice, can choose it."""
        return self.only_for in (None, *roles) or any(one.topic == self.topic for one in chosen)


@dataclass(frozen=True, slots=True)
class Group:
    """Topics that stand under one heading."""

    name: str
    topics: tuple[TopicInWords, ...]


ROLES: Final = TopicInWords(
    "new role", "New jobs", "Digital, data and technology jobs that boroughs advertise."
)
GROUPS: Final = (
    Group(
        "Jobs",
        (TopicInWords("novel role", "Jobs of a new kind", "A job that no borough advertised before."),),
    ),
    Group(
        "Pay",
        (
            TopicInWords(
                "benchmark moved", "Pay that moved", "When what London pays for a role rises or falls."
            ),
            TopicInWords(
                "offer below market",
                "Offers below the market",
                "When your own borough advertises a job for less than others pay.",
            ),
        ),
    ),
    Group(
        "Working together",
        (
            TopicInWords(
                "shared demand",
                "Roles several boroughs look for",
                "When boroughs could recruit or train together.",
            ),
            TopicInWords(
                "match proposed",
                "Who could help you",
                "Comes whenever you asked for help. Choose how soon.",
                always=True,
            ),
            TopicInWords(
                "follow-up due",
                "How it went",
                "We ask some time after each introduction. Choose how soon.",
                always=True,
            ),
        ),
    ),
    Group(
        "To read and to go to",
        (
            TopicInWords(
                "library news",
                "New in the library",
                "Job descriptions, case studies and training from other boroughs.",
            ),
            TopicInWords("event", "Events", "With a calendar entry for each."),
            TopicInWords(
                "newsletter",
                "Newsletter",
                "Each edition comes as an email of its own.",
                frequencies=("at once",),
            ),
        ),
    ),
    Group(
        "For LOTI",
        (
            TopicInWords(
                "source failing",
                "Boards that cannot be read",
                "When a borough’s jobs board stops answering, and when it is back.",
                only_for="LOTI staff",
            ),
        ),
    ),
)

_NAMES: Final[dict[str, str]] = {
    ROLES.topic: ROLES.name,
    "introduction": "Introductions",
    **{one.topic: one.name for group in GROUPS for one in group.topics},
}
_TOLD_AS: Final[dict[str, str]] = {
    "new role": "New job",
    "novel role": "Job of a new kind",
    "offer below market": "Offer below the market",
    "shared demand": "Role several boroughs look for",
    "introduction": "Introduction",
    "source failing": "Board that cannot be read",
    "event": "Event",
    "confirmation": "Question whether you want our emails",
    "renewal": "Question whether you still want our emails",
}
_OFTEN: Final[dict[str, str]] = {"at once": "at once", "daily": "once a day", "weekly": "once a week"}


def topic_name(topic: str) -> str:
    """What a topic is called."""
    return _NAMES.get(topic, topic.capitalize())


def notification_name(kind: str) -> str:
    """What one notification of that kind is called."""
    return _TOLD_AS.get(kind) or topic_name(kind)


def often(subscription: Subscription) -> str:
    """How often, in words."""
    return "each edition" if subscription.topic == "newsletter" else _OFTEN[subscription.frequency]


def filters(subscription: Subscription) -> tuple[str, ...]:
    """What it is narrowed to, a phrase for each filter."""
    names = authorities()
    found = [
        _either(subscription.families),
        _either(subscription.standard_roles),
        f"{_either(subscription.levels)} level" if subscription.levels else "",
        "in " + _either([names[gss].name if gss in names else gss for gss in subscription.boroughs])
        if subscription.boroughs
        else "",
        f"in {_either(subscription.areas)} London" if subscription.areas else "",
        f"from £{subscription.minimum_pay / 100:,.0f} a year, or with no pay stated"
        if subscription.minimum_pay
        else "",
    ]
    return tuple(one for one in found if one)


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
