"""Introductions: the letter that puts a borough and a supporter in touch, to both of them. Pure."""

from collections.abc import Sequence

from loti_contracts.events import Contact, Match
from services.notify.letters import in_words
from services.notify.letters.blocks import (
    Block,
    Bullets,
    Card,
    Heading,
    Inlines,
    Link,
    Page,
    Text,
    bullets,
    paragraph,
    text,
)
from services.notify.letters.topics import matches
from services.notify.letters.wording import address_in_words, one_line
from services.notify.links import Links
from services.notify.mails import Item
from services.notify.telling.introductions import (
    NobodyToIntroduce,
    chosen,
    follow_ups,
    help_wanted,
    introduced,
    strongest_reasons,
)


def introduction(items: Sequence[Item], links: Links) -> Page:
    """The page of an accepted match. Raises NobodyToIntroduce where it is none, or one of the two is not known."""
    match = items[0].about
    if not isinstance(match, Match):
        raise NobodyToIntroduce(f"{type(match).__name__} {match.id} is no match")
    two = introduced(match)
    contacts = {item.contact_id: item.contact for item in items if item.contact}
    missing = [one.contact_id for one in two if one.contact_id not in contacts]
    if missing:
        raise NobodyToIntroduce(f"match {match.id} introduces contacts that are not known: {missing}")
    asks, helps = (contacts[one.contact_id] for one in two)
    borough = in_words.borough(match.borough) or one_line(asks.organisation, 100)
    role = f" for a {one_line(match.standard_role, 80)} role" if match.standard_role else ""
    reasons = [one_line(sentence, 300) for sentence in strongest_reasons(chosen(match))]
    why: list[Block] = [Heading("Why the two of you", 2), bullets(reasons)] if reasons else []
    return Page(
        subject=f"Introduction: {_name(asks, 45)} and {_name(helps, 45)}",
        preview=f"{one_line(asks.organisation, 80)} and {one_line(helps.organisation, 80)}: "
        "you are both on this email.",
        blocks=(
            Heading(f"{_name(asks)}, meet {_name(helps)}", 1),
            paragraph(
                f"{borough} asked for {help_wanted(match)}{role}. {one_line(helps.organisation, 100)} can help, and "
                "this email puts the two of you in touch.",
                "lead",
            ),
            _person(asks),
            _person(helps),
            *matches.note(match),
            *why,
            *matches.benchmark(match.benchmark),
            *matches.similar_roles(match.similar_roles),
            Heading("What happens next", 2),
            Bullets(_next(match, links), ordered=True),
        ),
        foot=tuple(
            (Text(f"{_name(who)}: ", strong=True), Text(one.why))
            for who, one in zip((asks, helps), two, strict=True)
        ),
    )


def _next(match: Match, links: Links) -> tuple[Inlines, ...]:
    """The steps, with the days on which LOTI asks how it went."""
    stated = [one.due_on for one in match.follow_ups]
    days = in_words.listed([in_words.day(day) for day in stated or follow_ups(match)])
    outcome = links.outcome(match, match.requester_contact_id)
    misfit = links.outcome(match, match.requester_contact_id, "nothing")
    return (
        text("Reply to all and agree when to talk. Your reply goes to the other person, not to LOTI."),
        text(f"LOTI asks how it went on {days}."),
        (
            Text("You need not wait: "),
            Link("say how it went", outcome, "say how it went with this introduction"),
            Text(" whenever you like, or "),
            Link("say that it does not fit", misfit),
            Text(", so that LOTI knows."),
        ),
    )


def _person(who: Contact) -> Card:
    address = address_in_words(who.email)
    lines: tuple[Inlines, ...] = (
        (Text(_name(who), strong=True),),
        text(one_line(who.organisation, 100)),
        (Link(address, f"mailto:{in_words.in_an_address(address)}"),),
    )
    return Card(tuple(line for line in lines if line))


def _name(who: Contact, longest: int = 100) -> str:
    return one_line(who.name, longest) or one_line(who.organisation, longest) or "Somebody"
