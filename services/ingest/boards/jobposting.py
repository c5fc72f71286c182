"""One schema.org JobPosting object as a posting. Every property may be text, a number, an object or a list of them."""

from collections.abc import Mapping

from services.ingest.boards.posting import Posting, Refused
from services.ingest.boards.text import MAX_DESCRIPTION, plain, storable, web_address


def posting_from(data: Mapping[str, object], *, where: str, base_url: str, alone: bool) -> Posting | Refused:
    """Read one JobPosting.

    Args:
        data: the object as parsed from JSON-LD.
        where: its place on the page, for the reason if it is refused.
        base_url: the page's address.
        alone: whether it is the page's only posting, whose address may then be the page's own.
    """
    title = _text(data.get("title")) or _text(data.get("name"))
    if title is None:
        return Refused("posting", where, "it has no title; the board must print one")
    where = f"{where}, “{title[:80]}”"
    link = _first(data.get("url")) or _page_id(data) or (base_url if alone else None)
    if link is None:
        return Refused(
            "posting", where, "it has no url, and other postings share its page; the board must print one"
        )
    url = web_address(link, base_url)
    if url is None:
        shown = plain(link, 80)
        return Refused(
            "posting", where, f"its url {shown!r} is not an http or https address; the board must correct it"
        )
    organisation = _first(data.get("hiringOrganization"))
    pay = storable(data.get("baseSalary"))
    return Posting(
        key=_identifier(data.get("identifier")) or url,
        title=title,
        url=url,
        employer=_text(organisation),
        location=_location(data),
        pay_text=_pay_text(pay),
        pay_structured=pay,
        posted=_text(data.get("datePosted")),
        closes=_text(data.get("validThrough")),
        description=plain(data.get("description"), MAX_DESCRIPTION),
        department=_department(data, organisation),
        employment_type=_joined(data.get("employmentType")),
    )


def _first(value: object) -> object:
    return next(iter(value), None) if isinstance(value, list) else value


def _text(value: object) -> str | None:
    """Text of a property: itself, or the name, value or text of the object it is."""
    value = _first(value)
    if isinstance(value, dict):
        return next(
            (text for name in ("name", "@value", "value", "text") if (text := plain(value.get(name)))), None
        )
    return plain(value)


def _page_id(data: Mapping[str, object]) -> object:
    """An @id names a page if it is an address of its own, not a fragment."""
    named = data.get("@id")
    return (
        named
        if isinstance(named, str) and named.lower().startswith(("http:", "https:")) and "#" not in named
        else None
    )


def _identifier(value: object) -> str | None:
    value = _first(value)
    if isinstance(value, dict):
        return plain(value.get("value")) or plain(value.get("@id"))
    return plain(value)


def _location(data: Mapping[str, object]) -> str | None:
    """Locality, region and postcode of each place, in order, nothing twice."""
    places = data.get("jobLocation")
    parts: list[str | None] = []
    for place in (places if isinstance(places, list) else [places])[:20]:
        address = place.get("address") if isinstance(place, dict) else place
        address = _first(address)
        if isinstance(address, dict):
            parts += [_text(address.get(name)) for name in ("addressLocality", "addressRegion", "postalCode")]
        else:
            parts.append(plain(address) or _text(place))
    told = ", ".join(dict.fromkeys(part for part in parts if part))[:500]
    return told or ("Remote" if plain(data.get("jobLocationType")) == "TELECOMMUTE" else None)


def _pay_text(pay: object) -> str | None:
    """Pay where the board prints it as text; numbers stay in `pay_structured`."""
    pay = _first(pay)
    if isinstance(pay, dict):
        value = pay.get("value")
        inner = value.get("value") if isinstance(value, dict) else value
        pay = inner if isinstance(inner, str) else pay.get("description")
    return plain(pay) if isinstance(pay, str) else None


def _department(data: Mapping[str, object], organisation: object) -> str | None:
    inner = organisation.get("department") if isinstance(organisation, dict) else None
    return _text(inner) or _text(data.get("department"))


def _joined(value: object) -> str | None:
    parts = [plain(part) for part in (value if isinstance(value, list) else [value])[:10]]
    return ", ".join(part for part in parts if part) or None
