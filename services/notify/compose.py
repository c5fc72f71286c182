"""Compose: what is told becomes a subject, a plain text and an HTML page. Pure.

Everything that comes from outside goes through `wording`, and into HTML only escaped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import css_inline
import jinja2

from loti_contracts.events import BenchmarkInBrief, Contact, Match, Role
from loti_contracts.vocabulary import authorities
from services.notify import introductions, wording
from services.notify.mails import Item, Mail, in_reading_order

_LONGEST_SUBJECT = 120
_AREAS = {"inner": "inner London", "outer": "outer London", "london": "London"}


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail's words, without its addresses."""

    subject: str
    text: str
    html: str


def compose(mail: Mail, *, site_name: str) -> Letter:
    """The letter for a mail with at least one item. Raises NobodyToIntroduce for a match that is no introduction."""
    match mail.items[0].about:
        case Role():
            return _new_roles(in_reading_order(mail.items), site_name)
        case Match() as match:
            return _introduction(match, {contact.id: contact for contact in mail.contacts}, site_name)


def _new_roles(items: Sequence[Item], site_name: str) -> Letter:
    roles = [_facts(item.about) for item in items if isinstance(item.about, Role)]
    first = roles[0]
    if len(roles) == 1:
        subject = ", ".join(filter(None, (wording.one_line(first["title"], 80), first["employer"])))
        heading = None
    else:
        others = "one more" if len(roles) == 2 else f"{len(roles) - 1} more"
        subject = f"{len(roles)} new roles: {wording.one_line(first['title'], 60)} and {others}"
        heading = f"{len(roles)} new digital roles"
    return _letter(
        "new_roles",
        subject,
        site_name,
        heading=heading,
        roles=roles,
        whys=list(dict.fromkeys(item.why for item in items)),
        preview=" · ".join(filter(None, (first["pay"], first["closes"] and f"closes {first['closes']}"))),
    )


def _facts(role: Role) -> dict[str, Any]:
    """What a mail tells of a role, in words; the template decides where."""
    link = wording.link(role)
    return {
        "title": wording.one_line(role.title) or "A role without a title",
        "employer": wording.one_line(role.employer, 80) if role.employer else None,
        "boroughs": wording.boroughs(role.authorities),
        "pay": wording.pay(role.pay),
        "pay_note": wording.pay_note(role.pay),
        "standard_role": wording.standard_role(role),
        "family": role.standard_role.family if role.standard_role else None,
        "location": wording.one_line(role.location, 80) if role.location else None,
        "contract": wording.one_line(role.contract, 80) if role.contract else None,
        "closes": wording.day(role.closes_on) if role.closes_on else None,
        "borderline": role.relevance == "borderline",
        "link": link,
        "host": wording.host(link) if link else None,
    }


def _introduction(match: Match, contacts: dict[str, Contact], site_name: str) -> Letter:
    who_asked, who_helps = (
        _person(contacts[one.contact_id]) | {"why": one.why} for one in introductions.introduced(match)
    )
    borough = authorities().get(match.borough)
    weeks, months, half_year = map(wording.day, introductions.follow_ups(match))
    return _letter(
        "introduction",
        f"Introduction: {wording.one_line(who_asked['name'], 50)} and {wording.one_line(who_helps['name'], 50)}",
        site_name,
        asked=who_asked,
        helps=who_helps,
        borough=borough.name if borough else None,
        help_wanted=introductions.help_wanted(match),
        standard_role=match.standard_role,
        note=wording.one_line(match.note, 600) if match.note else None,
        reasons=[
            wording.one_line(s, 300) for s in introductions.strongest_reasons(introductions.chosen(match))
        ],
        benchmark=_benchmark(match.benchmark) if match.benchmark else None,
        follow_ups={"weeks": weeks, "months": months, "half_year": half_year},
        preview=f"{who_asked['organisation']} and {who_helps['organisation']}: you are both on this email.",
    )


def _person(contact: Contact) -> dict[str, str]:
    return {
        "name": wording.one_line(contact.name, 100) or contact.email,
        "organisation": wording.one_line(contact.organisation, 100),
        "email": wording.one_line(contact.email, 254),
    }


def _benchmark(benchmark: BenchmarkInBrief) -> dict[str, str]:
    """A headline and a note. One advert is no market: then its own middle is said, not a range."""
    level = "" if benchmark.level == "all" else f", {benchmark.level}"
    what = f"{benchmark.standard_role}{level}, {_AREAS.get(benchmark.area, benchmark.area)}"
    low, half, high = (wording.money(pence) for pence in (benchmark.p25, benchmark.p50, benchmark.p75))
    boroughs = "1 borough" if benchmark.boroughs == 1 else f"{benchmark.boroughs} boroughs"
    if benchmark.adverts == 1:
        return {
            "headline": f"One advert offers {half}",
            "note": f"a year, full-time equivalent, in the middle of its range. {what}.",
        }
    return {
        "headline": f"Others offer {low} to {high}" if low != high else f"Others offer {half}",
        "note": f"a year, full-time equivalent, with half of the offers above {half} "
        f"({benchmark.adverts} adverts, {boroughs}). {what}.",
    }


def _letter(template: str, subject: str, site_name: str, **facts: Any) -> Letter:
    subject = wording.one_line(subject, _LONGEST_SUBJECT)
    facts |= {"subject": subject, "site_name": site_name}
    html = _templates().get_template(f"{template}.html.j2").render(facts)
    text = _templates().get_template(f"{template}.txt.j2").render(facts)
    return Letter(subject=subject, text=text.strip() + "\n", html=_inliner().inline(html))


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("services.notify"),
        autoescape=jinja2.select_autoescape(["html.j2"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _inliner() -> css_inline.CSSInliner:
    """Styles go into the tags, since some mailboxes drop a <style>; what is for dark and narrow ones stays there."""
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
