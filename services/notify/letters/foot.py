"""The foot of a letter: why the reader gets it, and how to change or stop that. Pure."""

from collections.abc import Iterable

from services.notify.letters.blocks import Inlines, Link, Text, text
from services.notify.letters.wording import one_line
from services.notify.links import Links


def foot(whys: Iterable[str], contact_id: str, links: Links) -> tuple[Inlines, ...]:
    """Of a letter that its reader may choose not to get."""
    why = " ".join(dict.fromkeys(one_line(one, 400) for one in whys))
    return why_and_ways(
        why, links.preferences(contact_id), links.ledger(contact_id), links.unsubscribe(contact_id)
    )


def why_and_ways(why: str, preferences: str, ledger: str, unsubscribe: str) -> tuple[Inlines, ...]:
    """The same from its parts."""
    return (
        text(f"Why you get this: {why}"),
        (
            Link("Choose what you hear of, and how often", preferences),
            Text(" · "),
            Link("See what you were told", ledger),
            Text(" · "),
            Link("Stop these emails", unsubscribe),
        ),
    )
