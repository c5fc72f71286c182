"""Made-up mails of every kind, to look at: real in shape, with nobody in them who exists."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from loti_contracts.events import Contact, NotificationKind, Role, Subscriptions
from services.notify.identity import mail_id, notification_id
from services.notify.letters.examples_matches import ACCEPTED, MET, PROPOSED
from services.notify.letters.examples_news import EDITION, EVENT, NEWS, SOURCE
from services.notify.letters.examples_people import CONSULTANT, READER, RECRUITER, STAFF
from services.notify.letters.examples_roles import (
    BELOW,
    DATA_ENGINEER,
    DEMAND,
    MOVED,
    NOVEL,
    NOW,
    SYSTEMS_OFFICER,
    USER_RESEARCHER,
)
from services.notify.mails import About, Item, Mail, MailKind
from services.notify.telling.introductions import introduced

_ROLES_WHY = "You asked to hear of new Data or User-centred design roles."
_CHOICE = Subscriptions(
    id=READER.id,
    revision=1,
    status="asked",
    subscriptions=READER.subscriptions,
    chosen_at=NOW,
)


def item(
    kind: NotificationKind,
    about: About,
    why: str,
    *,
    to: Contact = READER,
    relevance: float = 0.0,
    occurrence: str = "",
    role: Role | None = None,
    others: tuple[Contact, ...] = (),
) -> Item:
    """One thing told to one made-up contact."""
    return Item(
        id=notification_id(kind, f"{about.id}{occurrence}", to.id),
        kind=kind,
        contact_id=to.id,
        contact=to,
        about=about,
        why=why,
        caused_by="example",
        correlation_id="example",
        occurrence=occurrence,
        relevance=relevance,
        role=role,
        others=others,
    )


def mail(kind: MailKind, *items: Item) -> Mail:
    """One made-up mail."""
    return Mail(id=mail_id(one.id for one in items), kind=kind, attempts=1, doubts=0, items=items)


_ROLES: Final = tuple(
    item("new role", role, _ROLES_WHY, relevance=relevance)
    for role, relevance in ((DATA_ENGINEER, 39), (USER_RESEARCHER, 27), (SYSTEMS_OFFICER, 22))
)
_MOVED = item(
    "benchmark moved", MOVED, "You asked to hear when what is offered for Data roles moves.", relevance=24
)
_BELOW = item(
    "offer below market",
    BELOW,
    "You asked to hear when an offer in Camden is below the market.",
    relevance=65,
    role=DATA_ENGINEER,
)
_DEMAND = item(
    "shared demand", DEMAND, "You asked to hear what several boroughs look for at once.", relevance=45
)
_NOVEL = item("novel role", NOVEL, "You asked to hear of roles of a new kind.", relevance=15)
_PROPOSED = item(
    "match proposed",
    PROPOSED,
    "You asked for a recruiter; answer to be introduced to one of these.",
    relevance=60,
    others=(RECRUITER, CONSULTANT),
)
_MET = item(
    "follow-up due",
    MET,
    "You were introduced two weeks ago, and LOTI asks how it went.",
    relevance=60,
    occurrence="two weeks",
    others=(RECRUITER,),
)
_SOURCE = item(
    "source failing", SOURCE, "You asked to hear when a jobs board cannot be read.", to=STAFF, relevance=45
)
_NEWS = item("library news", NEWS, "You asked to hear of what is new in the library.", relevance=10)
_EVENT = item("event", EVENT, "You asked to hear of events.", relevance=25)


def _long(number: int = 60) -> Sequence[Item]:
    """As many things as a digest ever has."""
    most = (_BELOW, _DEMAND, _MOVED, _NOVEL, _NEWS, _EVENT)
    roles = [
        item(
            "new role",
            role.model_copy(update={"id": f"{role.id}-{place}", "title": f"{role.title} ({place + 1})"}),
            _ROLES_WHY,
            relevance=40 - place / 10,
        )
        for place, role in zip(
            range(number - len(most)),
            (DATA_ENGINEER, USER_RESEARCHER, SYSTEMS_OFFICER) * number,
            strict=False,
        )
    ]
    return (*most, *roles)


EXAMPLES: Final[Mapping[str, Mail]] = MappingProxyType(
    {
        "digest": mail("digest", *_ROLES, _MOVED, _BELOW, _DEMAND, _NOVEL, _PROPOSED, _NEWS, _EVENT),
        "long-digest": mail("digest", *_long()),
        "new-role": mail("digest", _ROLES[0]),
        "new-roles": mail("digest", *_ROLES),
        "benchmark-moved": mail("digest", _MOVED),
        "offer-below-market": mail("digest", _BELOW),
        "shared-demand": mail("digest", _DEMAND),
        "novel-role": mail("digest", _NOVEL),
        "match-proposed": mail("digest", _PROPOSED),
        "introduction": mail(
            "introduction",
            *(
                item("introduction", ACCEPTED, one.why, to=to)
                for to, one in zip((READER, RECRUITER), introduced(ACCEPTED), strict=True)
            ),
        ),
        "follow-up-due": mail("digest", _MET),
        "source-failing": mail("digest", _SOURCE),
        "library-news": mail("digest", _NEWS),
        "event": mail("digest", _EVENT),
        "confirmation": mail(
            "confirmation",
            item(
                "confirmation",
                _CHOICE,
                "Somebody asked that this address hears of these things.",
                occurrence="ask-1",
            ),
        ),
        "renewal": mail(
            "renewal",
            item(
                "renewal",
                _CHOICE.model_copy(
                    update={
                        "status": "confirmed",
                        "confirmed_at": NOW.replace(year=2025),
                        "renew_by": NOW.replace(day=29, month=4).date(),
                        "most_a_day": 3,
                    }
                ),
                "You said yes to these emails a year ago, and LOTI asks every year.",
                occurrence="ask-2",
            ),
        ),
        "newsletter": mail("newsletter", item("newsletter", EDITION, "You asked to hear of the newsletter.")),
    }
)
"""One mail of each kind, by the name that the command takes."""
