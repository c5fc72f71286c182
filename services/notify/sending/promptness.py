"""Promptness: how soon who wants to hear at once has heard. Pure."""

from collections.abc import Iterator
from datetime import datetime

from loti_contracts.events import Role
from services.notify.mails import Item, Mail


def from_posting(mail: Mail, taken_at: datetime) -> Iterator[float]:
    """Seconds from each vacancy that the mail tells of, found on its board, to that moment.

    Of a digest's reader they would say when digests leave, and of one who came later, when it came: neither counts.
    """
    for item in mail.items:
        if isinstance(item.about, Role) and item.held is None and _was_there(item, item.about.found_at):
            yield max(0.0, (taken_at - item.about.found_at).total_seconds())


def _was_there(item: Item, found_at: datetime) -> bool:
    """Whether the reader was known here, had chosen what it hears of, and said yes, when the vacancy was found."""
    choice = item.choice
    if choice is None or choice.confirmed_at is None:
        return False
    return max(choice.chosen_at, choice.confirmed_at, item.known_since or found_at) <= found_at
