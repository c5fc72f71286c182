"""What stands on the preferences page beside what was chosen: groups of topics, filters, and how things stand. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from loti_contracts.vocabulary import authorities
from services.notify.letters.in_words import day
from services.notify.letters.wording import one_line
from services.notify.web.topics import FREQUENCIES, GROUPS, OFF, TopicInWords

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of new roles: its field, its heading, and what can be chosen."""

    name: str
    summary: str
    legend: str
    options: Options


@dataclass(frozen=True, slots=True)
class TopicShown:
    """One topic's question."""

    field: str
    name: str
    hint: str
    options: Options


@dataclass(frozen=True, slots=True)
class GroupShown:
    """Questions under one heading."""

    name: str
    topics: tuple[TopicShown, ...]


_FILTERS = (
    ("families", "Families of roles", "Which families of roles?"),
    ("standard_roles", "Roles", "Which roles?"),
    ("levels", "Levels", "Which levels?"),
    ("boroughs", "Boroughs", "Which boroughs?"),
    ("areas", "Parts of London", "Which parts of London?"),
)
_AREAS = {"inner": "Inner London", "outer": "Outer London"}
_SUPPRESSED = {
    "bounced": "Emails to you came back, so we stopped. If your mailbox works again, write to us.",
    "complained": "An email from us was reported as unwanted, so we stopped. If that was a mistake, write to us.",
    "by hand": "Somebody asked us to write to your address no more, so we stopped. Write to us to change that.",
}


def search_filters(known: Mapping[str, Sequence[str]]) -> tuple[Filter, ...]:
    """The filters of new roles, with everything that each offers."""
    return tuple(
        Filter(name, summary, legend, tuple((value, _label(name, value)) for value in known[name]))
        for name, summary, legend in _FILTERS
    )


def groups(topics: Sequence[TopicInWords]) -> tuple[GroupShown, ...]:
    """These topics under their headings."""
    made = (
        GroupShown(group.name, tuple(_topic(one) for one in group.topics if one in topics))
        for group in GROUPS
    )
    return tuple(group for group in made if group.topics)


def notices(
    status: str | None, renew_by: date | None, suppressed: str | None, *, saved: bool
) -> tuple[str, ...]:
    """How things stand: whether mail may go out at all, and whether it does. `status` is the choice's."""
    found = []
    if suppressed:
        found.append(_SUPPRESSED.get(suppressed, _SUPPRESSED["by hand"]))
    match status:
        case None:
            found.append(
                "You have chosen nothing yet. Saving this page means that you say yes to what you choose."
            )
        case "asked" if saved:
            found.append(
                "Saved. Your address changed, so we sent a question to the new one: nothing comes until you say yes there."
            )
        case "asked":
            found.append(
                "You have not said yes yet, so nothing is sent. Saving this page means that you say yes."
            )
        case "withdrawn" if saved:
            found.append("Saved. You chose nothing, so nothing is sent.")
        case "withdrawn":
            found.append(
                "You are unsubscribed from everything. Choose what you want and save it to start again."
            )
        case "lapsed":
            found.append("Your yes ran out, so nothing is sent. Save this page to say yes again.")
        case "confirmed" if saved:
            until = f" until {day(renew_by)}; then we ask again" if renew_by else ""
            found.append(f"Saved. This is what we send you{until}.")
        case _:
            pass
    return tuple(found)


def _topic(topic: TopicInWords) -> TopicShown:
    often = topic.frequencies if topic.always else (OFF, *topic.frequencies)
    words = FREQUENCIES | ({"at once": "Each edition"} if topic.topic == "newsletter" else {})
    return TopicShown(topic.field, topic.name, topic.hint, tuple((one, words[one]) for one in often))


def _label(name: str, value: str) -> str:
    if name == "boroughs":
        known = authorities().get(value)
        return known.name if known else one_line(value, 60)
    if name == "areas":
        return _AREAS.get(value, value)
    return one_line(value[:1].upper() + value[1:], 80)
