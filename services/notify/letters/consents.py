"""Consents: the letters that ask for a yes, and for its renewal. Pure."""

from loti_contracts.events import Contact, Subscription, Subscriptions
from services.notify.letters import in_words
from services.notify.letters.blocks import (
    Bullets,
    Button,
    Heading,
    Inlines,
    Link,
    Page,
    Paragraph,
    Text,
    paragraph,
    text,
)
from services.notify.letters.foot import foot
from services.notify.letters.wording import one_line
from services.notify.links import Links
from services.notify.mails import Item
from services.notify.web.topics import filters, often, topic_name


class NothingAsked(ValueError):
    """A confirmation or a renewal without what it is about. The text names no person."""


def confirmation(item: Item, site_name: str, links: Links) -> Page:
    """The first yes (double opt-in): what was asked for, and one button. Raises NothingAsked."""
    asked = _asked(item)
    return Page(
        subject=f"Please confirm: may {one_line(site_name, 60)} write to you?",
        preview="Say yes with one button. If you do nothing, no more emails come.",
        blocks=(
            Heading("May we write to you?", 1),
            paragraph(
                f"{_greeting(item.contact)}you, or a colleague for you, asked to hear of this:",
                "lead",
            ),
            *_chosen(asked.subscriptions),
            *_limits(asked),
            Button("Yes, send me these", links.confirm(item.contact_id, item.occurrence)),
            Paragraph(
                (
                    Text("Something else? "),
                    Link("Choose what you hear of", links.preferences(item.contact_id)),
                    Text(" first."),
                )
            ),
            paragraph("If you do nothing, we send you nothing. This question is asked once.", "note"),
        ),
        foot=(
            text(f"Why you get this: {one_line(item.why, 400)}"),
            (Link("Never write to this address again", links.unsubscribe(item.contact_id)),),
        ),
    )


def renewal(item: Item, links: Links) -> Page:
    """The yearly question. Raises NothingAsked."""
    asked = _asked(item)
    until = in_words.day(asked.renew_by) if asked.renew_by else "a year after your last yes"
    return Page(
        subject="Do you still want these emails?",
        preview=f"Your yes counts until {until}. Say yes once more to keep them.",
        blocks=(
            Heading("Do you still want these emails?", 1),
            paragraph(
                f"Your yes counts until {until}. Say yes once more, and it counts for another year.", "lead"
            ),
            *_chosen(asked.subscriptions),
            *_limits(asked),
            Button("Yes, keep them coming", links.confirm(item.contact_id, item.occurrence)),
            Paragraph(
                (
                    Text("Only some of them? "),
                    Link("Change what you hear of", links.preferences(item.contact_id)),
                    Text(": that renews it too."),
                )
            ),
            paragraph(f"If you do nothing, they end after {until}.", "note"),
        ),
        foot=foot([item.why], item.contact_id, links),
    )


def _asked(item: Item) -> Subscriptions:
    if not isinstance(item.about, Subscriptions):
        raise NothingAsked(f"a {item.kind} asks about a {type(item.about).__name__}, not about subscriptions")
    if not item.occurrence:
        raise NothingAsked(f"a {item.kind} has no ask that a yes could answer")
    return item.about


def _greeting(who: Contact | None) -> str:
    name = one_line(who.name, 60) if who else ""
    return f"{name}, " if name else "Hello, "


def _chosen(subscriptions: tuple[Subscription, ...]) -> tuple[Bullets, ...]:
    """New jobs, senior level, in Camden (at once)"""
    items: tuple[Inlines, ...] = tuple(
        (
            Text(topic_name(one.topic), strong=True),
            Text("".join(f", {one_line(narrowed, 160)}" for narrowed in filters(one))),
            Text(f" ({often(one)})", quiet=True),
        )
        for one in subscriptions
    )
    return (Bullets(items),) if items else ()


def _limits(asked: Subscriptions) -> tuple[Paragraph, ...]:
    said = []
    if asked.quiet_hours:
        quiet = asked.quiet_hours
        weekends = ", and none at weekends" if quiet.weekends else ""
        said.append(f"No emails from {quiet.start:%H:%M} to {quiet.end:%H:%M}{weekends}.")
    if asked.most_a_day:
        said.append(f"At most {in_words.counted(asked.most_a_day, 'email')} a day.")
    return (paragraph(" ".join(said), "note"),) if said else ()
