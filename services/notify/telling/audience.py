"""Audience: who is told what, why, and how soon. Pure.

The rule: a contact is told once of each thing that it wants and that is worth telling, whichever of the two was heard of
first. A contact that joins is told of what is worth telling at that moment. So topics may arrive in any order, at any
speed and in several processes, and the same pairs come out: whenever either side says something new, it is held against
all that is known of the other. What is taken back stops what has not left yet; see `sifting`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loti_contracts.events import (
    After,
    ContactRole,
    Frequency,
    Match,
    NotificationKind,
    QuietHours,
    Subscription,
    Subscriptions,
)
from loti_contracts.events.base import GssCode
from services.notify.identity import about_of, notification_id
from services.notify.telling import introductions, relevance
from services.notify.telling.news import News, moment
from services.notify.telling.subscriptions import SOONEST_FIRST, wanted_by, why
from services.notify.telling.timing import LONDON, Digests, When, when
from services.notify.things import ThingKind

_STAFF: Final = "LOTI staff"
_WENT: Final[dict[After, str]] = {
    "two weeks": "two weeks ago",
    "three months": "three months ago",
    "six months": "six months ago",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """A contact as far as it matters for what it is told: no name, no address.

    `subscriptions` are what it chose, whatever became of its yes; they count where it was given (`agreed`).
    """

    contact_id: str
    subscriptions: tuple[Subscription, ...] = ()
    agreed: bool = False
    borough: GssCode | None = None
    roles: tuple[ContactRole, ...] = ()
    quiet_hours: QuietHours | None = None
    most_a_day: int | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """This is to be told to that contact, for that reason, from then on."""

    kind: NotificationKind
    thing_kind: ThingKind
    thing_id: str
    occurrence: str
    contact_id: str
    why: str
    relevance: float
    when: When

    @property
    def about(self) -> str:
        """Which telling of the thing: once for ever to each contact."""
        return about_of(self.thing_id, self.occurrence)

    @property
    def id(self) -> UUID:
        """The notification's id: the same whoever finds the pair."""
        return notification_id(self.kind, self.about, self.contact_id)


@dataclass(frozen=True, slots=True)
class Part:
    """A contact that takes part in a match, and what it is to be told of it."""

    kind: NotificationKind
    contact_id: str
    why: str
    occurrence: str = ""


def wanting(reader: Reader, news: News) -> Subscription | None:
    """By which of its subscriptions the reader is told, if it is."""
    if not reader.agreed or not _is_for(reader.borough, reader.roles, news):
        return None
    return wanted_by(reader.subscriptions, news)


def chosen(
    choice: Subscriptions | None, borough: GssCode | None, roles: tuple[ContactRole, ...], news: News
) -> bool:
    """Whether a contact that chose so is still to be told."""
    return (
        choice is not None
        and choice.status == "confirmed"
        and _is_for(borough, roles, news)
        and wanted_by(choice.subscriptions, news) is not None
    )


def _is_for(borough: GssCode | None, roles: tuple[ContactRole, ...], news: News) -> bool:
    """Failing boards are LOTI's staff's business, and an offer below the market that of the boroughs that make it, and of
    staff of no borough."""
    match news.topic:
        case "source failing":
            return _STAFF in roles
        case "offer below market":
            return borough in (news.facts.boroughs or ()) if borough is not None else _STAFF in roles
    return True


def telling(reader: Reader, news: News, now: datetime, digests: Digests) -> Telling | None:
    """What the reader is told of it; None where it does not want it."""
    subscription = wanting(reader, news)
    if subscription is None:
        return None
    return Telling(
        kind=news.topic,
        thing_kind=news.thing_kind,
        thing_id=news.thing_id,
        occurrence=news.occurrence,
        contact_id=reader.contact_id,
        why=why(subscription, news.facts),
        relevance=relevance.relevance(news, subscription, reader.borough, now.astimezone(LONDON).date()),
        when=when(subscription.frequency, reader.quiet_hours, now, digests),
    )


def parts(match: Match) -> Iterator[Part]:
    """Who takes part in a match and is to be told of it now: a shortlist to who asked, an introduction to both, the last
    question how it went to both. Nobody has to have subscribed. Raises NobodyToIntroduce."""
    if match.status == "proposed" and match.shortlist:
        wanted = introductions.help_wanted(match)
        sentence = f"You asked for {wanted}; answer to be introduced to one of these."
        yield Part("match proposed", match.requester_contact_id, sentence, moment(match.proposed_at))
    if match.status == "accepted":
        asked, helps = introductions.introduced(match)
        if match.introduced_at is None:
            # Who asked may be introduced to another one later: its half names the supporter.
            yield Part("introduction", asked.contact_id, asked.why, helps.contact_id)
            yield Part("introduction", helps.contact_id, helps.why)
        gone = [one.after for one in match.follow_ups if one.asked_at is not None]
        if gone and (match.outcome is None or match.outcome.result == "ongoing"):
            sentence = f"You were introduced {_WENT[gone[-1]]}, and LOTI asks how it went."
            yield Part("follow-up due", asked.contact_id, sentence, gone[-1])
            yield Part("follow-up due", helps.contact_id, sentence, gone[-1])


def part_told(match: Match, part: Part, reader: Reader, now: datetime, digests: Digests) -> Telling:
    """What a contact that takes part is told; a subscription to that says how often, an introduction is at once."""
    at_once = When(now)
    return Telling(
        kind=part.kind,
        thing_kind="match",
        thing_id=match.id,
        occurrence=part.occurrence,
        contact_id=part.contact_id,
        why=part.why,
        relevance=relevance.of_match(part.kind),
        when=at_once
        if part.kind == "introduction"
        else when(_how_often(reader, part.kind), reader.quiet_hours, now, digests),
    )


def _how_often(reader: Reader, kind: NotificationKind) -> Frequency:
    asked = [one.frequency for one in reader.subscriptions if reader.agreed and one.topic == kind]
    return min(asked, key=SOONEST_FIRST.index, default="at once")
