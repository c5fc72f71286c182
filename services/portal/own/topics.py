"""Topics as a person reads them: what each is called, what it tells, and how often it can come. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from loti_contracts.events import Frequency, Subscription, SubscriptionTopic
from loti_contracts.vocabulary import authorities

OFF: Final = "never"
OFTEN: Final[dict[str, str]] = {
    OFF: "Never",
    "at once": "At once",
    "daily": "Once a day",
    "weekly": "Once a week",
}
ROLES: Final[SubscriptionTopic] = "new role"
_USUAL: Final[tuple[Frequency, ...]] = ("at once", "daily", "weekly")


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that can be heard of. `always`: it comes to whoever takes part, and only how soon is chosen; `for_`:
    whom it is offered to ("borough", "staff"), with everybody for none."""

    topic: SubscriptionTopic
    name: str
    hint: str
    frequencies: tuple[Frequency, ...] = _USUAL
    always: bool = False
    for_: str = ""

    @property
    def field(self) -> str:
        """What its field is called in forms."""
        return self.topic.replace(" ", "-")

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """What can be chosen: the value and its words."""
        often = self.frequencies if self.always else (OFF, *self.frequencies)
        words = OFTEN | ({"at once": "Each edition"} if self.topic == "newsletter" else {})
        return tuple((one, words[one]) for one in often)


TOPICS: Final = (
    Topic("novel role", "Jobs of a new kind", "A job that no borough advertised before."),
    Topic("benchmark moved", "Pay that moved", "When what London pays for a role rises or falls."),
    Topic(
        "offer below market",
        "Offers below the market",
        "When your own borough advertises a job for less than others pay.",
        for_="borough",
    ),
    Topic(
        "shared demand", "Roles several boroughs look for", "When boroughs could recruit or train together."
    ),
    Topic(
        "library news",
        "New in the library",
        "Job descriptions, case studies and training from other boroughs.",
    ),
    Topic("event", "Events", "With a calendar entry for each."),
    Topic("newsletter", "Newsletter", "Each edition comes as an email of its own.", frequencies=("at once",)),
    Topic(
        "match proposed",
        "Who could help you",
        "Comes whenever you asked for help. Choose how soon.",
        always=True,
    ),
    Topic(
        "follow-up due",
        "How it went",
        "We ask some time after each introduction. Choose how soon.",
        always=True,
    ),
    Topic(
        "source failing",
        "Boards that cannot be read",
        "When a borough’s jobs board stops answering, and when it is back.",
        for_="staff",
    ),
)
"""All but new jobs, which can be narrowed."""

_NAMES: Final[dict[str, str]] = {
    ROLES: "New jobs",
    "introduction": "Introductions",
    "confirmation": "Question whether you want our emails",
    "renewal": "Question whether you still want our emails",
    **{one.topic: one.name for one in TOPICS},
}
_ONE: Final[dict[str, str]] = {
    ROLES: "New job",
    "novel role": "Job of a new kind",
    "offer below market": "Offer below the market",
    "shared demand": "Role several boroughs look for",
    "introduction": "Introduction",
    "source failing": "Board that cannot be read",
    "event": "Event",
}


def offered(chosen: Sequence[Subscription], *, borough: bool, staff: bool) -> tuple[Topic, ...]:
    """What somebody can choose, who has chosen that: who works for a borough, or for LOTI, has more."""
    known = {one.topic for one in chosen}
    whom: Collection[str] = {"", *(["borough"] if borough or staff else []), *(["staff"] if staff else [])}
    return tuple(one for one in TOPICS if one.for_ in whom or one.topic in known)


def for_anybody() -> tuple[Topic, ...]:
    """What somebody can ask for who is not signed in."""
    return tuple(one for one in TOPICS if not one.always and not one.for_)


def name_of(topic: str) -> str:
    """What a topic is called."""
    return _NAMES.get(topic, topic.capitalize())


def name_of_one(kind: str) -> str:
    """What one notification of that kind is called."""
    return _ONE.get(kind) or name_of(kind)


def narrowed(one: Subscription) -> tuple[str, ...]:
    """What it is narrowed to, a phrase for each filter."""
    names = authorities()
    found = (
        _either(one.families),
        _either(one.standard_roles),
        f"{_either(one.levels)} level" if one.levels else "",
        "in " + _either([names[gss].name if gss in names else gss for gss in one.boroughs])
        if one.boroughs
        else "",
        f"in {_either(one.areas)} London" if one.areas else "",
        f"from £{one.minimum_pay / 100:,.0f} a year, or with no pay stated" if one.minimum_pay else "",
    )
    return tuple(text for text in found if text)


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
