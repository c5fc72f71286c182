"""A posting from the values of a vendor's own fields. A price that is no number is absent."""

import re
from collections.abc import Iterable

from services.ingest.boards.adapter import Board, Reading
from services.ingest.boards.html_fields import CLOSES, labelled_in, pay_of, value_of
from services.ingest.boards.posting import Posting, Refused, unreadable
from services.ingest.boards.text import MAX_DESCRIPTION, plain, storable, web_address


def posting_of(key: str, *, title: object, link: object, board: Board, **told: object) -> Posting | Refused:
    """A posting from a vendor's values, made plain; refused if it has no title or no http address.

    `told` are the other fields of Posting by name; a list of texts is read as one. Pay and closing date that no
    field tells are taken from a line of the description that begins so ("Salary: £41,000").
    """
    name = plain(title)
    where = f"advert {key[:80]}"
    if name is None:
        return Refused("posting", where, "it has no title; the board must print one")
    url = web_address(link, board.url)
    if url is None:
        shown = plain(link, 80)
        why = f"its link {shown!r} is not an http or https address; the board must correct it"
        return Refused("posting", f"{where}, “{name[:80]}”", why)
    pay_text, pay, closes = (
        plain(told.get("pay_text")),
        storable(told.get("pay_structured")),
        plain(told.get("closes")),
    )
    if closes is None or (pay_text is None and pay is None):
        lines = _labelled(told.get("description"))
        closes = closes or value_of(lines, CLOSES)
        pay_text = pay_text or (pay_of(lines) if pay is None else None)
    return Posting(
        key=key,
        title=name,
        url=url,
        employer=plain(told.get("employer")),
        location=joined(told.get("location")),
        pay_text=pay_text,
        pay_structured=pay,
        posted=plain(told.get("posted")),
        closes=closes,
        description=joined(told.get("description"), " ", MAX_DESCRIPTION),
        department=joined(told.get("department")),
        employment_type=joined(told.get("employment_type")),
    )


def _labelled(description: object) -> dict[str, str]:
    parts = description[:40] if isinstance(description, list) else [description]
    return labelled_in("\n".join(part for part in parts if isinstance(part, str)))


def joined(value: object, mark: str = ", ", limit: int = 500) -> str | None:
    """The texts of a list as one text, nothing twice; or the text itself."""
    parts = [plain(part, limit) for part in (value[:40] if isinstance(value, list) else [value])]
    return mark.join(dict.fromkeys(part for part in parts if part))[:limit].strip() or None


def money(low: object, high: object, currency: object, unit: object) -> dict[str, object] | None:
    """A pay range as schema.org's MonetaryAmount; None without a bound that is a number."""
    bounds = {"minValue": _number(low), "maxValue": _number(high)}
    told = {name: bound for name, bound in bounds.items() if bound is not None}
    if not told:
        return None
    return {"currency": plain(currency, 20) or "GBP", "value": {**told, "unitText": plain(unit, 40)}}


def _number(value: object) -> object:
    if isinstance(value, str):
        bare = value.replace(",", "").strip().removeprefix("£")
        return bare if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,8})?", bare) else None
    return None if isinstance(value, bool) or not isinstance(value, int | float) else value


def tell(read: Iterable[Posting | Refused], reading: Reading) -> None:
    """Put postings into the reading, and what was refused with the gap that it leaves."""
    refused = []
    for one in read:
        if isinstance(one, Refused):
            refused.append(one)
        else:
            reading.postings.append(one)
    reading.refused.extend(refused)
    if why := unreadable(tuple(refused)):
        reading.miss(why)
