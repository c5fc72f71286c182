"""A role as schema.org/JobPosting has it, for search engines.

Google asks for title, description, datePosted, hiringOrganization and jobLocation, and wishes for the rest
(https://developers.google.com/search/docs/appearance/structured-data/job-posting). A closed role has none.
"""

import json
import re
from datetime import datetime, time
from html import escape
from typing import Any, Final

from markupsafe import Markup

from loti_contracts.events import Pay, Role
from services.portal.jobs.cards import kind_in_words, pay_in_words, posted, where
from services.portal.web.words import LONDON

_UNITS: Final = {"year": "YEAR", "month": "MONTH", "week": "WEEK", "day": "DAY", "hour": "HOUR"}
_HOURS: Final = (
    (re.compile(r"part[\s_-]*time", re.IGNORECASE), "PART_TIME"),
    (re.compile(r"full[\s_-]*time", re.IGNORECASE), "FULL_TIME"),
    (re.compile(r"fixed|temporary|interim|secondment", re.IGNORECASE), "TEMPORARY"),
    (re.compile(r"contractor", re.IGNORECASE), "CONTRACTOR"),
    (re.compile(r"intern\b|internship", re.IGNORECASE), "INTERN"),
)


def job_posting(role: Role, *, url: str) -> dict[str, Any] | None:
    """The posting, as JSON-LD has it; None for a role that is closed. `url` is the role's own page here."""
    if role.status == "closed":
        return None
    places = [one.name for one in role.authorities] or ["London"]
    facts: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": role.title,
        "description": _description(role),
        "datePosted": posted(role).isoformat(),
        "hiringOrganization": {"@type": "Organization", "name": role.employer or places[0]},
        "jobLocation": [_place(name) for name in places],
        "identifier": {"@type": "PropertyValue", "name": role.employer or places[0], "value": role.id},
        "url": url,
        "sameAs": list(role.links),
        "directApply": False,
    }
    if role.closes_on:
        last = datetime.combine(role.closes_on, time(23, 59, 59), LONDON)
        facts["validThrough"] = last.isoformat()
    if role.contract and (hours := [unit for words, unit in _HOURS if words.search(role.contract)]):
        facts["employmentType"] = hours
    if role.standard_role:
        facts["occupationalCategory"] = role.standard_role.name
    if salary := _salary(role.pay):
        facts["baseSalary"] = salary
    return facts


def as_script_text(facts: dict[str, Any]) -> Markup:
    """JSON that can stand inside a `<script>`: nothing in it can end the element or begin another."""
    text = json.dumps(facts, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - every character that means something to HTML is escaped above


def _description(role: Role) -> str:
    """In HTML, as Google asks. Where the advert's text is not known, its facts."""
    if role.description:
        parts = [part.strip() for part in role.description.split("\n") if part.strip()]
        return "".join(f"<p>{escape(part)}</p>" for part in parts)
    facts = [where(role), kind_in_words(role), pay_in_words(role.pay)]
    return f"<p>{escape(role.title)}</p>" + "".join(f"<p>{escape(fact)}</p>" for fact in facts if fact)


def _place(name: str) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "addressLocality": name,
        "addressRegion": "London",
        "addressCountry": "GB",
    }
    return {"@type": "Place", "address": address}


def _salary(pay: Pay | None) -> dict[str, Any] | None:
    if pay is None or pay.period is None or (pay.minimum is None and pay.maximum is None):
        return None
    value: dict[str, Any] = {"@type": "QuantitativeValue", "unitText": _UNITS[pay.period]}
    if pay.minimum == pay.maximum and pay.minimum is not None:
        value["value"] = _pounds(pay.minimum)
    else:
        value |= {} if pay.minimum is None else {"minValue": _pounds(pay.minimum)}
        value |= {} if pay.maximum is None else {"maxValue": _pounds(pay.maximum)}
    return {"@type": "MonetaryAmount", "currency": "GBP", "value": value}


def _pounds(pence: int) -> int | float:
    return pence // 100 if pence % 100 == 0 else pence / 100
