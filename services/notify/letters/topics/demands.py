"""Shared demand: several boroughs look for the same role. Pure."""

from loti_contracts.events import BoroughInDemand, SharedDemand
from services.notify.letters import in_words
from services.notify.letters.blocks import Block, Bullets, Facts, Heading, Lines, Text, paragraph, text
from services.notify.letters.topics.roles import advert
from services.notify.letters.topics.told import Told, lines, quiet
from services.notify.letters.wording import first_web, one_line

_MOST_ADVERTS = 12
_STEPS = {
    "pay review": "Compare pay",
    "shared recruiter": "Share a recruiter",
    "joint advert": "Advertise together",
    "shared talent pool": "Share the candidates",
}


def shared_demand(demand: SharedDemand) -> Told:
    """Who looks for it, how many adverts and requests, and what they could do together."""
    role = one_line(demand.standard_role, 80)
    names = [one_line(borough.name, 60) for borough in demand.boroughs]
    many = in_words.in_letters(demand.borough_count).capitalize()
    title = f"{many} boroughs look for {_article(role)}"
    step = _STEPS[demand.step] if demand.step else None
    step_why = one_line(demand.step_why, 400) if demand.step_why else ""
    who = in_words.listed(names, most=8)
    adverts = [
        advert(
            one_line(one.title, 120) or "An advert without a title",
            first_web(*one.links),
            in_words.listed([in_words.borough(gss) or gss for gss in one.boroughs]),
            one.level,
            "advertised before" if one.readvertises else None,
            "closed" if one.status == "closed" else None,
        )
        for one in demand.roles
    ]
    together: list[Block] = []
    if step:
        together = [Heading(f"What you could do together: {step.lower()}", 2), paragraph(step_why)]
    shown: list[Block] = []
    if adverts:
        shown = [Heading("The adverts", 2), Bullets(tuple(adverts[:_MOST_ADVERTS]))]
        if len(adverts) > _MOST_ADVERTS:
            shown.append(paragraph(f"And {len(adverts) - _MOST_ADVERTS} more.", "note"))
    return Told(
        title=title,
        url=None,
        subject=f"{title}: {step.lower()}?" if step else title,
        preview=who,
        whole=lambda: (
            paragraph(one_line(demand.sentence, 400), "lead"),
            *together,
            Heading("Who", 2),
            Facts(tuple((one_line(one.name, 60), text(_has(one))) for one in demand.boroughs)),
            *shown,
        ),
        entry=lambda: (
            Lines(
                lines(
                    text(one_line(demand.sentence, 400)),
                    (Text(f"{step}. ", strong=True), Text(step_why)) if step else None,
                )
            ),
        ),
        line=quiet(who, step),
    )


def _has(borough: BoroughInDemand) -> str:
    """2 adverts, one of them advertised again; 1 request for help"""
    said = []
    if borough.adverts:
        again = f", {in_words.in_letters(borough.readvertised)} of them again" if borough.readvertised else ""
        said.append(in_words.counted(borough.adverts, "advert") + again)
    if borough.requests:
        said.append(
            in_words.counted(borough.requests, "request for help to recruit", "requests for help to recruit")
        )
    return "; ".join(said) or "nothing now"


def _article(role: str) -> str:
    """an enterprise architect, a user researcher, an IT service manager"""
    words = role if role[1:2].isupper() else role[:1].lower() + role[1:]
    vowel = words[:1].lower() in "aeio" or (words.startswith("u") and not words.startswith("us"))
    return f"{'an' if vowel else 'a'} {words}"
