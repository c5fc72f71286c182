"""Relevance: what a digest says first. Pure.

A sum of plain parts, so that an order can be explained:

* what it is: a match or a follow-up that waits for the contact's own answer 60, an offer of its own borough below the
  market 50, a board that fails 45, demand that it could share 30, an event 25, a new role or a benchmark that moved 20,
  a role of a new kind 15, the library's news 10;
* its own borough: 15 more;
* how soon it is too late (a role closes, an event begins): within three days 10, within a week 5;
* how narrowly it was asked for: 2 for each filter that let it through.

A digest shows the first `IN_FULL` in full and the rest as one line each, and holds `IN_A_MAIL` at most: what is left over
goes into the next one. Gmail cuts a message at 102 kB (support.google.com/mail: "[Message clipped]").
"""

from datetime import date, timedelta
from typing import Final

from loti_contracts.events import NotificationKind, Subscription
from services.notify.telling.news import News
from services.notify.telling.subscriptions import filters

IN_FULL: Final = 12
IN_A_MAIL: Final = 60
_OF_KIND: Final[dict[NotificationKind, float]] = {
    "introduction": 70,
    "match proposed": 60,
    "follow-up due": 60,
    "offer below market": 50,
    "source failing": 45,
    "shared demand": 30,
    "event": 25,
    "new role": 20,
    "benchmark moved": 20,
    "novel role": 15,
    "library news": 10,
}
_OWN_BOROUGH = 15
_SOON: Final = ((timedelta(days=3), 10), (timedelta(days=7), 5))
_A_FILTER = 2


def of_match(kind: NotificationKind) -> float:
    """How much something matters that the contact takes part in."""
    return _OF_KIND[kind]


def relevance(news: News, subscription: Subscription, borough: str | None, today: date) -> float:
    """How much a piece of news matters to a contact of that borough which asked for it so."""
    own = borough is not None and borough in (news.facts.boroughs or ())
    left = news.until - today if news.until is not None else None
    soon = next((points for within, points in _SOON if left is not None and left <= within), 0)
    return _OF_KIND[news.topic] + _OWN_BOROUGH * own + soon + _A_FILTER * filters(subscription, news.facts)
