"""Five feeds with the same facts, each printing them the way one vendor's feeds do."""

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from xml.sax.saxutils import escape

from deploy.local.boards.adverts import Advert, Board
from deploy.local.boards.pages import NOTICE

_RANGE = re.compile(r"£([\d,.]+) to £([\d,.]+)")


def feed(board: Board, adverts: Sequence[Advert], base: str, *, look: str | None = None) -> str:
    """The board's RSS 2.0 feed. `base` is the server's address, without a slash at its end; `look` another than its own."""
    print_item = _LOOKS[look or board.look]
    items = "\n".join(f"<item>\n{print_item(advert, link(advert, base))}\n</item>" for advert in adverts)
    spaces = (
        'xmlns:a10="http://www.w3.org/2005/Atom" xmlns:job="https://example.org/ns/job" '
        'xmlns:engAts="https://example.org/ns/engage"'
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" {spaces}>\n<channel>\n'
        f"<title>{escape(board.name)} jobs (sample board)</title>\n<link>{base}/{board.id}/</link>\n"
        f"<description>{escape(NOTICE)}</description>\n<language>en-gb</language>\n{items}\n</channel>\n</rss>\n"
    )


def link(advert: Advert, base: str) -> str:
    """The advert's own page, or what is printed in its place."""
    return advert.link or f"{base}/{advert.board}/jobs/{advert.id}"


def vacancy_number(advert: Advert) -> str:
    """A number as vendors give one: stable, without meaning."""
    return str(zlib.crc32(f"{advert.board}/{advert.id}".encode()) % 900_000 + 100_000)


def id_of(address: str, adverts: Iterable[Advert]) -> str:
    """The id of the advert whose page this is, under whatever face: by its number, else by the address's last part."""
    numbers = set(re.findall(r"(?<!\d)\d{6}(?!\d)", address))
    known = (advert.id for advert in adverts if vacancy_number(advert) in numbers)
    return next(known, address.rpartition("/")[2])


def moment(text: str, at: time) -> datetime:
    """A date of the file as a moment: its own time of day, else the one given."""
    return (
        datetime.fromisoformat(text) if "T" in text else datetime.combine(date.fromisoformat(text), at, UTC)
    )


def _tag(name: str, text: str | None) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else f"<{name}/>"


def _posted(advert: Advert, name: str = "pubDate") -> str:
    return _tag(name, format_datetime(moment(advert.posted, time(9)), usegmt=False)) if advert.posted else ""


def _closes(advert: Advert, pattern: str) -> str | None:
    return moment(advert.closes, time(23, 59)).strftime(pattern) if advert.closes else None


def _joined(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _wordpress(advert: Advert, address: str) -> str:
    """Pay and closing date share one line of the text; the date has no year. The guid is WordPress's short address."""
    closing = _closes(advert, "%d %B")
    facts = [advert.pay, f"Closing date: {closing.lstrip('0')}" if closing else None]
    line = " – ".join(fact for fact in facts if fact)
    body = (
        f"<p><strong>{escape(line)}</strong></p>" if line else ""
    ) + f"<p>{escape(advert.description)}</p>"
    return _joined(
        _tag("title", advert.title),
        _tag("link", address),
        f'<guid isPermaLink="false">https://{advert.board}.example/?post_type=vacancy&amp;p={vacancy_number(advert)}</guid>',
        _posted(advert),
        _tag("category", advert.department),
        _tag("job:company", advert.employer),
        _tag("job:location", advert.location),
        f"<description><![CDATA[{body}]]></description>",
    )


def _eploy(advert: Advert, address: str) -> str:
    """No closing date; the vacancy number is the identity."""
    return _joined(
        _tag("VacancyID", vacancy_number(advert)),
        _tag("title", advert.title),
        _tag("link", address),
        f"<description><![CDATA[<p>{escape(advert.description)}</p>]]></description>",
        _tag("Location", advert.location),
        _tag("Industry", advert.department),
        _tag("VacancyType", advert.employment_type),
        _tag("DisplaySalary", advert.pay),
        _tag("Company", advert.employer),
        _posted(advert, "DatePosted"),
    )


def _piped(advert: Advert, address: str) -> str:
    """All facts in one string with bars between them."""
    facts = [
        f"Contract Type: {advert.employment_type}" if advert.employment_type else None,
        f"Salary: {advert.pay}" if advert.pay else None,
        f"Advert End Date: {_closes(advert, '%d/%m/%Y %H:%M')}" if advert.closes else None,
        advert.description,
    ]
    return _joined(
        _tag("title", advert.title),
        _tag("link", address),
        f'<guid isPermaLink="false">{vacancy_number(advert)}</guid>',
        _posted(advert),
        _tag("job:company", advert.employer),
        _tag("job:location", advert.location),
        _tag("description", " | ".join(fact for fact in facts if fact)),
    )


def _engage(advert: Advert, address: str) -> str:
    """Pay as two numbers where it is two numbers; dates as ISO."""
    pay = _RANGE.fullmatch(advert.pay or "")
    return _joined(
        _tag("title", advert.title),
        _tag("link", address),
        _tag("engAts:vacancyid", vacancy_number(advert)),
        _tag("engAts:salaryRangeFrom", pay.group(1)) if pay else "",
        _tag("engAts:salaryRangeTo", pay.group(2)) if pay else "",
        _tag("engAts:salaryDescription", advert.pay) if not pay else "",
        _tag("engAts:endDate", _closes(advert, "%Y-%m-%dT%H:%M:%S")),
        _tag("engAts:company", advert.employer),
        _tag("engAts:location", advert.location),
        _tag("engAts:department", advert.department),
        _tag("engAts:contractType", advert.employment_type),
        _posted(advert),
        _tag("description", f"<p>{escape(advert.description)}</p>"),
    )


def _networx(advert: Advert, address: str) -> str:
    """A vacancy of its own inside an Atom content element."""
    return _joined(
        _tag("link", address),
        _tag("title", advert.title),
        _tag("a10:updated", advert.posted and f"{advert.posted}T09:00:00Z") if advert.posted else "",
        '<a10:content type="text/xml"><Vacancy>',
        _tag("VacancyID", vacancy_number(advert)),
        _tag("Vacancy_title", advert.title),
        _tag("Salary", advert.pay),
        _tag("Advert_text", f"<p>{escape(advert.description)}</p>"),
        _tag("Organisation", advert.employer),
        _tag("Job_Location", advert.location),
        _tag("Directorate", advert.department),
        _tag("Contract_Type", advert.employment_type),
        _tag("Expiry_date", _closes(advert, "%d/%m/%Y %H:%M:%S")),
        "</Vacancy></a10:content>",
    )


_LOOKS: dict[str, Callable[[Advert, str], str]] = {
    "wordpress": _wordpress,
    "eploy": _eploy,
    "piped": _piped,
    "engage": _engage,
    "networx": _networx,
}
