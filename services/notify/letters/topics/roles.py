"""New roles. Pure."""

from datetime import date

from loti_contracts.events import NovelRole, Role
from services.notify.letters import in_words
from services.notify.letters.blocks import Block, Button, Facts, Inlines, Lines, Link, Text, paragraph, text
from services.notify.letters.topics.told import Told, lines, quiet
from services.notify.letters.wording import first_web, host, one_line

_NO_PAY = "Pay is not given in the advert"
_NO_LINK = "The advert has no address that could be linked here."
_DOUBT = "We are not sure that this is a digital role; the advert will tell."


def new_role(role: Role, today: date) -> Told:
    """A role that was found."""
    title = title_of(role)
    url = first_web(*role.links)
    employer = one_line(role.employer, 80) if role.employer else None
    where = one_line(role.location, 80) if role.location else None
    contract = one_line(role.contract, 80) if role.contract else None
    offer, beside = in_words.pay(role.pay), in_words.pay_note(role.pay)
    closes = in_words.closing(role.closes_on, today) if role.closes_on else None
    borough = in_words.boroughs(role.authorities)
    family = one_line(role.standard_role.family, 80) if role.standard_role else None
    standard = in_words.standard_role(role)
    doubt = [paragraph(_DOUBT, "note")] if role.relevance == "borderline" else []
    place = borough if borough is None or employer is None or borough not in employer else None
    return Told(
        title=title,
        url=url,
        subject=", ".join(filter(None, (one_line(title, 80), employer))),
        preview=" · ".join(filter(None, (offer, closes and f"closes {closes}"))),
        whole=lambda: (
            *([paragraph(employer, "lead")] if employer else []),
            paragraph(offer or _NO_PAY, "big"),
            paragraph(beside or ("as advertised" if offer else "Ask, or look at what others offer."), "note"),
            _facts(
                ("Borough", text(borough or "not known")),
                ("Standard role", (Text(standard), *([Text(f" ({family})", quiet=True)] if family else []))),
                ("Where", text(where or "")),
                ("Contract", text(contract or "")),
                ("Closes", text(closes or "no date given")),
                ("History", text("Advertised before, and closed" if role.readvertises else "")),
            ),
            *doubt,
            *_advert(url),
        ),
        entry=lambda: (
            Lines(
                lines(
                    quiet(employer, place or (None if employer else "borough not known")),
                    _offer(offer, beside),
                    quiet(standard if role.standard_role else None, where),
                    quiet(f"Closes {closes}" if closes else "No closing date", contract),
                    quiet("Advertised before" if role.readvertises else None),
                )
            ),
            *doubt,
            *([] if url else [paragraph(_NO_LINK, "note")]),
        ),
        line=quiet(employer or borough, offer, f"closes {closes}" if closes else None),
    )


def novel_role(novel: NovelRole) -> Told:
    """A kind of work that nobody advertised before."""
    title = one_line(novel.title) or "A role without a title"
    url = first_web(*novel.links)
    who = in_words.boroughs(novel.boroughs)
    why = one_line(novel.why, 400)
    near = [one_line(one.title, 80) for one in (*novel.nearest_titles, *novel.nearest_standard_roles)][:4]
    nearest: list[Block] = []
    if near:
        nearest = [paragraph(f"Nearest in words, though not the same work: {in_words.listed(near)}.", "note")]
    lead = f"{who or 'A borough'} advertises a kind of role that was seen nowhere before."
    return Told(
        title=title,
        url=url,
        subject=f"A new kind of role: {one_line(title, 80)}",
        preview=lead,
        whole=lambda: (paragraph(lead, "lead"), paragraph(why), *nearest, *_advert(url)),
        entry=lambda: (Lines(lines(quiet(who), text(why))), *nearest),
        line=quiet(who, "a new kind of role"),
    )


def title_of(role: Role) -> str:
    """Its title, harmless."""
    return one_line(role.title) or "A role without a title"


def advert(title: str, url: str | None, *beside: str | None) -> Inlines:
    """One advert in a list: its title, linked where it can be, and what stands beside it."""
    named = Link(title, url) if url else Text(title)
    said = quiet(*beside)
    return (named, Text(" · ", quiet=True), *said) if said else (named,)


def _offer(offer: str | None, beside: str | None) -> Inlines:
    if offer is None:
        return (Text(_NO_PAY, quiet=True),)
    return (Text(offer, strong=True), *([Text(f" ({beside})", quiet=True)] if beside else []))


def _advert(url: str | None) -> tuple[Block, ...]:
    if url is None:
        return (paragraph(_NO_LINK, "note"),)
    return (Button("Read the advert", url), paragraph(f"on {host(url)}", "note"))


def _facts(*rows: tuple[str, Inlines]) -> Facts:
    return Facts(tuple((name, value) for name, value in rows if value))
