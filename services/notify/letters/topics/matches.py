"""Matches: who could help with a request, and how an introduction went. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

from loti_contracts.events import BenchmarkInBrief, Candidate, Contact, HelpKind, Match, Result, SimilarRole
from services.notify.letters import in_words
from services.notify.letters.blocks import (
    Block,
    Bullets,
    Button,
    Heading,
    Inlines,
    Lines,
    Link,
    Paragraph,
    Rule,
    Text,
    bullets,
    paragraph,
)
from services.notify.letters.topics.roles import advert
from services.notify.letters.topics.told import Told, quiet
from services.notify.letters.wording import first_web, one_line, paragraphs
from services.notify.links import Links
from services.notify.telling.introductions import help_wanted, strongest_reasons

# What may come of an introduction to each kind of supporter, as matching takes it.
RESULTS: Final[Mapping[HelpKind, tuple[Result, ...]]] = {
    "recruiter": ("hired", "advised", "ongoing", "nothing"),
    "mentor": ("mentored", "advised", "ongoing", "nothing"),
    "university": ("placed", "hired", "advised", "ongoing", "nothing"),
    "training": ("enrolled", "advised", "ongoing", "nothing"),
}
SAID: Final[Mapping[Result, str]] = {
    "hired": "Somebody was hired",
    "mentored": "The mentoring took place",
    "placed": "A placement took place",
    "enrolled": "Somebody enrolled",
    "advised": "There was good advice",
    "ongoing": "It is still going on",
    "nothing": "It did not fit, or nothing came of it",
}
_HELPERS: Final[Mapping[HelpKind, str]] = {
    "recruiter": "recruiter",
    "mentor": "mentor",
    "university": "university partner",
    "training": "training provider",
}
_HOW_LONG = {"two weeks": "Two weeks ago", "three months": "Three months ago", "six months": "Six months ago"}


def match_proposed(match: Match, contact_id: str, others: Sequence[Contact], links: Links) -> Told:
    """The shortlist: each candidate with the reasons and a link to accept, and one link to decline them all."""
    people = {contact.id: contact for contact in others}
    count = len(match.shortlist)
    helpers = f"{in_words.in_letters(count).capitalize()} {_HELPERS[match.kind]}{'' if count == 1 else 's'}"
    title = f"{helpers} could help you{_with(match)}"
    named = [(one, people.get(one.contact_id)) for one in match.shortlist]
    best = match.shortlist[0] if count > 1 else None
    whole, entry = (
        tuple(
            block
            for one, who in named
            for block in _candidate(
                match, one, who, links.answer(match, contact_id, one.supporter_id), one is best, own
            )
        )
        for own in (True, False)
    )
    decline = Link("None of them fits: decline", links.answer(match, contact_id, None))
    declined = Paragraph((decline, Text(". You can ask anew whenever you like.")))
    return Told(
        title=title,
        url=None,
        subject=title,
        preview=in_words.listed([_name(people.get(one.contact_id)) for one in match.shortlist], most=3),
        whole=lambda: (
            paragraph(
                "Accept one, and an email puts the two of you in touch. Nobody on this list sees your answer before "
                "that.",
                "lead",
            ),
            *note(match),
            Heading("Who could help", 2),
            *whole,
            Rule(),
            declined,
            *benchmark(match.benchmark),
            *similar_roles(match.similar_roles),
        ),
        entry=lambda: (paragraph("Accept one, and an email puts the two of you in touch."), *entry, declined),
        line=(decline,),
        asks=True,
    )


def _candidate(
    match: Match, candidate: Candidate, who: Contact | None, accept: str, best: bool, headed: bool
) -> tuple[Block, ...]:
    """A name (as a heading of its own, or as a line), the organisation, the reasons, and the button."""
    name = _name(who)
    organisation = one_line(who.organisation, 100) if who else "of LOTI's network"
    beside = quiet(organisation, "the best fit" if best else None)
    reasons = [one_line(sentence, 300) for sentence in strongest_reasons(candidate)]
    head: tuple[Block, ...] = (
        (Heading(name, 3), Lines((beside,))) if headed else (Lines(((Text(name, strong=True),), beside)),)
    )
    return (*head, *([bullets(reasons)] if reasons else []), Button(f"Accept {name}", accept))


def follow_up(
    match: Match, contact_id: str, occurrence: str, others: Sequence[Contact], links: Links
) -> Told:
    """How did it go? With a link for each answer that counts."""
    after = next((words for known, words in _HOW_LONG.items() if known in occurrence), "A while ago")
    other = next((one for one in others if one.id != contact_id), None)
    whom = f"{_name(other)} ({one_line(other.organisation, 100)})" if other else "a supporter"
    title = f"How did it go with {_name(other)}?" if other else "How did your introduction go?"
    met = (
        f"{after} LOTI put you in touch with {whom} about {help_wanted(match)}{_for(match)}. Choose what came of it; you can "
        "add a note there, and change your answer later."
    )
    answers: tuple[Inlines, ...] = tuple(
        (Link(SAID[result], links.outcome(match, contact_id, result)),) for result in RESULTS[match.kind]
    )
    thanks = paragraph("Your answer makes the next introduction better.", "note")
    return Told(
        title=title,
        url=None,
        subject=title,
        preview=f"{after} LOTI put you in touch. What came of it?",
        whole=lambda: (paragraph(met, "lead"), Bullets(answers), thanks),
        entry=lambda: (paragraph(met), Bullets(answers)),
        line=answers[-1],
        asks=True,
    )


def note(match: Match) -> tuple[Block, ...]:
    """What was asked for, in the words of who asked."""
    said = paragraphs(match.note, 1_200) if match.note else ()
    return (Heading("What was asked for", 2), *map(paragraph, said)) if said else ()


def benchmark(brief: BenchmarkInBrief | None) -> tuple[Block, ...]:
    """A headline and a note. One advert is no market: then its own middle is said, not a range."""
    if brief is None:
        return ()
    what = in_words.cell(brief.standard_role, brief.level, brief.area)
    low, half, high = (in_words.money(pence) for pence in (brief.p25, brief.p50, brief.p75))
    if brief.adverts == 1:
        headline = f"One advert offers {half}"
        said = f"a year, full-time equivalent, in the middle of its range. {what}."
    else:
        headline = f"Others offer {low} to {high}" if low != high else f"Others offer {half}"
        said = (
            f"a year, full-time equivalent, with half of the offers above {half} "
            f"({brief.adverts} adverts, {in_words.counted(brief.boroughs, 'borough')}). {what}."
        )
    return (Heading("Pay for this role", 2), paragraph(headline, "big"), paragraph(said, "note"))


def similar_roles(roles: Sequence[SimilarRole]) -> tuple[Block, ...]:
    """Live roles like it."""
    if not roles:
        return ()
    items = tuple(
        advert(
            one_line(one.title, 120) or "A role without a title",
            first_web(one.link),
            in_words.listed([one_line(name, 60) for name in one.authorities]),
            one.level,
            one_line(one.pay, 80) if one.pay else None,
            f"closes {in_words.day(one.closes_on)}" if one.closes_on else None,
        )
        for one in roles
    )
    return (Heading("Roles like it that are open now", 2), Bullets(items))


def _for(match: Match) -> str:
    return f" for a {one_line(match.standard_role, 80)} role" if match.standard_role else ""


def _with(match: Match) -> str:
    return f" with a {one_line(match.standard_role, 80)} role" if match.standard_role else ""


def _name(who: Contact | None) -> str:
    return (one_line(who.name, 80) or one_line(who.organisation, 80)) if who else "A supporter"
