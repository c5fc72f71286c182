"""What a contact chose, in words. Pure."""

from dataclasses import dataclass

from loti_contracts.events import QuietHours, Subscription
from services.notify.letters.wording import address_in_words, one_line
from services.notify.web.topics import filters, often, topic_name


@dataclass(frozen=True, slots=True)
class TopicChosen:
    """One subscription as a line: what, how often, narrowed to what."""

    name: str
    often: str
    filters: tuple[str, ...]


def topics_chosen(subscriptions: tuple[Subscription, ...]) -> tuple[TopicChosen, ...]:
    """Each subscription in words; texts from outside are made harmless."""
    return tuple(
        TopicChosen(
            topic_name(one.topic),
            often(one)[:1].upper() + often(one)[1:],
            tuple(one_line(words) for words in filters(one)),
        )
        for one in subscriptions
    )


def quiet_in_words(quiet: QuietHours | None) -> str:
    """From 18:00 until 08:00, and at weekends; empty for none."""
    if quiet is None:
        return ""
    hours = f"from {quiet.start:%H:%M} until {quiet.end:%H:%M}" if quiet.start != quiet.end else ""
    both = " and ".join(filter(None, (hours, "at weekends" if quiet.weekends else "")))
    return both[:1].upper() + both[1:]


def masked(email: str) -> str:
    """w…@camden.gov.uk: enough to know one's own mailbox by, too little to write to."""
    local, _, domain = address_in_words(email).rpartition("@")
    return f"{local[:1]}…@{domain}"
