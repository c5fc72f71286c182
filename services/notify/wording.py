"""How mails put things into words: money, dates, levels, and text from outside made harmless. Pure."""

import unicodedata
from datetime import date
from urllib.parse import urlsplit

from loti_contracts.events import AuthorityNamed, Pay, Role

LONGEST = 200
"""Characters of a text from outside that a mail shows; what is longer is cut at a word."""

_NEWLINES = "\u2028\u2029"


def one_line(text: str, longest: int = LONGEST) -> str:
    """The text on one line: no control, direction or invisible characters, no more than `longest` long.

    A title cannot bring a header, a line of its own, or letters that run backwards into a mail.
    """
    clean = "".join(
        " "
        if character.isspace() or character in _NEWLINES or unicodedata.category(character) == "Cc"
        else ""
        if unicodedata.category(character) in ("Cf", "Cs", "Co")
        else character
        for character in text[: longest * 20]
    )
    line = " ".join(clean.split())
    if len(line) <= longest:
        return line
    head = line[: longest - 1]
    at_word, _, rest = head.rpartition(" ")
    return f"{at_word if at_word and len(rest) < 40 else head}…"


def money(pence: int) -> str:
    """£45,000, or £18.50 where there are pence."""
    pounds, rest = divmod(pence, 100)
    return f"£{pounds:,}.{rest:02}" if rest else f"£{pounds:,}"


def day(date_: date) -> str:
    """21 April 2026"""
    return f"{date_.day} {date_:%B} {date_.year}"


def pay(offer: Pay | None) -> str | None:
    """£45,000 to £52,000 a year; as printed where no amount was read; None where nothing is said."""
    if offer is None:
        return None
    amounts = _amounts(offer.minimum, offer.maximum)
    if amounts is None:
        return one_line(offer.text) or None
    period = {"year": " a year", "month": " a month", "week": " a week", "day": " a day", "hour": " an hour"}
    return amounts + (period[offer.period] if offer.period else "")


def _amounts(minimum: int | None, maximum: int | None) -> str | None:
    match minimum, maximum:
        case None, None:
            return None
        case int(low), None:
            return f"from {money(low)}"
        case None, int(high):
            return f"up to {money(high)}"
        case int(low), int(high):
            return money(low) if low == high else f"{money(low)} to {money(high)}"
    return None


def pay_note(offer: Pay | None) -> str | None:
    """What belongs beside the amounts: grade, and whether they are full-time equivalent."""
    if offer is None:
        return None
    basis = {"fte": "full-time equivalent", "actual": "for the hours worked", None: ""}[offer.basis]
    grade = one_line(offer.grade, 40) if offer.grade else ""
    if grade and not any(word in grade.lower() for word in ("grade", "band", "scale", "level")):
        grade = f"grade {grade}"
    return ", ".join(filter(None, (grade, basis))) or None


def boroughs(authorities: tuple[AuthorityNamed, ...]) -> str | None:
    """Camden and Hackney"""
    *most, last = [authority.name for authority in authorities] or [""]
    return (f"{', '.join(most)} and {last}" if most else last) or None


def standard_role(role: Role) -> str:
    """Data engineer, senior"""
    if role.standard_role is None:
        return f"none that fits{f'; level {role.level}' if role.level else ''}"
    return f"{role.standard_role.name}, {role.level or 'level not said'}"


def link(role: Role) -> str | None:
    """The advert's own address: the first that is plain http or https with a host, as it was published."""
    return next((url for url in role.links if _is_web(url)), None)


def host(url: str) -> str:
    """jobs.camden.gov.uk"""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _is_web(url: str) -> bool:
    if (
        len(url) > 2_000
        or not url.isascii()
        or any(character <= " " or character in '<>"\\^`{|}' for character in url)
    ):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
