"""schema.org JobPosting as five kinds of site print it: where it stands on the page, and how pay is written."""

import re
from collections.abc import Sequence
from typing import Any

from deploy.local.boards.adverts import Advert, Board
from deploy.local.boards.feeds import link, vacancy_number

PAGE_SIZE = {"linked": 4, "paged": 5}
"""Adverts a list page, for the looks that page; the others print all on one."""
_AMOUNT = re.compile(r"£(NaN|[\d,]+(?:\.\d+)?)(?: to £(NaN|[\d,]+(?:\.\d+)?))?")


def list_blocks(board: Board, adverts: Sequence[Advert], base: str) -> list[Any]:
    """The JSON-LD blocks of one list page.

    linked and jobtrain: an ItemList of links to detail pages; listed: an ItemList that holds the postings; graph: an
    @graph after a block about the organisation; paged: a block for each posting.
    """
    postings = [posting(board, advert, base) for advert in adverts]
    addresses = [link(advert, base) for advert in adverts]
    if board.look == "linked":
        return [_item_list([{"url": address} for address in addresses])]
    if board.look == "jobtrain":
        return [{"@context": "https://schema.org", "@type": "ItemList", "itemListElement": addresses}]
    if board.look == "listed":
        return [
            _item_list([{"item": {k: v for k, v in each.items() if k != "@context"}} for each in postings])
        ]
    if board.look == "graph":
        owner = {"@context": "https://schema.org", "@type": "GovernmentOrganization", "name": board.name}
        return [owner, {"@context": "https://schema.org", "@graph": postings or [_item_list([])]}]
    return postings or [_item_list([])]


def _item_list(entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "numberOfItems": len(entries),
        "itemListElement": [
            {"@type": "ListItem", "position": place, **entry} for place, entry in enumerate(entries, start=1)
        ],
    }


def posting(board: Board, advert: Advert, base: str) -> dict[str, Any]:
    """The JobPosting of one advert; absent facts are absent properties."""
    parts = [part.strip() for part in advert.location.split(",")]
    address = {"@type": "PostalAddress", "addressCountry": "GB"}
    if len(parts) > 1 and re.search(r"\d", parts[-1]):
        address["postalCode"] = parts.pop()
    address |= dict(zip(("addressLocality", "addressRegion"), (parts[0], ", ".join(parts[1:])), strict=True))
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": advert.title,
        "url": link(advert, base),
        "identifier": {"@type": "PropertyValue", "name": "Vacancy", "value": vacancy_number(advert)},
        "hiringOrganization": {
            "@type": "Organization",
            "name": advert.employer,
            "department": advert.department,
        },
        "jobLocation": {"@type": "Place", "address": {k: v for k, v in address.items() if v}},
        "baseSalary": _base_salary(board, advert.pay),
        "datePosted": advert.posted,
        "validThrough": advert.closes,
        "employmentType": [
            part.strip() for part in (advert.employment_type or "").split(",") if part.strip()
        ],
        "description": f"<p>{advert.description}</p>",
    }
    return {name: value for name, value in facts.items() if value not in (None, [], "")}


def _base_salary(board: Board, pay: str | None) -> object:
    """linked: an amount with its ends as numbers; listed: an amount whose value is text; the others: plain text."""
    if pay is None or board.look not in ("linked", "listed"):
        return pay
    amount = {"@type": "MonetaryAmount", "currency": "GBP"}
    figures = _AMOUNT.fullmatch(pay)
    if board.look == "listed" or figures is None:
        return {**amount, "value": pay}
    low, high = (float(figure.replace(",", "")) if figure else None for figure in figures.groups())
    ends: dict[str, Any] = {"value": low} if high is None else {"minValue": low, "maxValue": high}
    unit = "YEAR" if low and low > 1_000 else "HOUR"
    return {**amount, "value": {"@type": "QuantitativeValue", **ends, "unitText": unit}}
