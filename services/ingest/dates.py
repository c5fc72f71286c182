"""When an advert closes, from every form that job boards print a date in.

Adverts leave out the year, put the weekday and the hour on either side, or hold a placeholder. `now` settles
what they leave out; the weekday, where there is one, settles it better. Times are Europe/London.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
_READ: Final = 500
_PAST_ALLOWED: Final = timedelta(weeks=6)
_EARLIEST: Final = 1990
_LATEST: Final = 2099

_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS: Final = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY: Final = r"(?<![\d£.,:])(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR: Final = r"(?:,?\s{0,3}(?P<year>(?:19|20)\d\d)(?!\d))?"
_FORMS: Final = (
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<![\d/.])(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4}|\d\d)(?![\d/.]\d)"),
    re.compile(r"(?<![\d-])(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)"),
    re.compile(_DAY + r"\s{0,3}(?:of\s)?[-\s]{0,3}" + _MONTH + r"-?" + _YEAR),
    re.compile(r"\b" + _MONTH + r"\s{0,3}(?P<day>\d{1,2})(?!\d|:)(?:st|nd|rd|th)?" + _YEAR),
)
_WEEKDAY: Final = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?\b")
_TIMES: Final = (
    re.compile(
        r"(?<![\d£./-])(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::\d\d(?:\.\d{1,9})?)?\s?(?P<half>[ap]\.?m\b)?"
    ),
    re.compile(r"(?<![\d£./:-])(?P<hour>\d{1,2})\s?(?P<half>[ap]\.?m\b|noon\b|midnight\b)"),
    re.compile(r"\b(?P<half>noon|midday|midnight)\b"),
)
_RFC_1123: Final = re.compile(r"\d{1,2} [a-z]{3} \d{4} \d\d:\d\d:\d\d (?:gmt|utc?|[+-]\d{4})")
_ZONE: Final = re.compile(r"t\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?\s?(z|[+-]\d\d:?\d\d)")


@dataclass(frozen=True, slots=True)
class Closing:
    """When applications close: a day, and the London time of day where the advert states one."""

    day: date
    at: time | None = None

    def moment(self) -> datetime:
        """The last moment to apply: the stated time, or the end of the day."""
        return datetime.combine(self.day, self.at or time(23, 59), tzinfo=LONDON)


def read_date(text: str, *, now: datetime) -> date | None:
    """The date a text states, or None where it states none.

    A day without a year is the next such day on or after `now`, or up to six weeks before it: adverts are read
    while they are fresh. A weekday in the text picks the year it fits. A placeholder (0001-01-01) is None.
    """
    closing = read_closing(text, now=now)
    return closing.day if closing else None


def read_closing(text: str, *, now: datetime) -> Closing | None:
    """The closing day and, where stated, its time; None where the text states no date. Never raises."""
    said = text[:_READ].casefold().replace("\u00a0", " ")
    zoned = _zoned(said)
    if zoned is not None:
        return zoned
    stated = next(_days(said, now), None)
    return Closing(stated[0], _said(_time(stated[1]))) if stated else None


def _days(said: str, now: datetime) -> Iterator[tuple[date, str]]:
    for form in _FORMS:
        for match in form.finditer(said):
            weekday = _weekday(said, match)
            day = _day(match, weekday, now)
            if day is not None:
                yield day, f"{said[: match.start()]} ; {said[match.end() :]}"


def _day(match: re.Match[str], weekday: int | None, now: datetime) -> date | None:
    month = _month(match["month"])
    number = int(match["day"])
    if match["year"]:
        year = int(match["year"])
        return _date(year + 2000 if len(match["year"]) == 2 else year, month, number)
    today = (now.astimezone(LONDON) if now.tzinfo else now).date()
    candidates = [_date(today.year + offset, month, number) for offset in range(-1, 8)]
    fresh = [day for day in candidates if day is not None and day >= today - _PAST_ALLOWED]
    if weekday is None:
        return fresh[0] if fresh else None
    around = [_date(today.year + offset, month, number) for offset in (0, 1, -1, -2, 2, -3, -4, -5, -6)]
    fits = [day for day in around if day is not None and day.weekday() == weekday]
    near = [day for day in fits if day in fresh[:1]]
    return next(iter(near or fits or fresh), None)


def _date(year: int, month: int, day: int) -> date | None:
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(said: str) -> int:
    return int(said) if said.isdecimal() else _MONTHS.index(said[:3]) + 1


def _weekday(said: str, match: re.Match[str]) -> int | None:
    beside = said[max(0, match.start() - 16) : match.start()]
    named = _WEEKDAY.findall(beside)
    return _DAYS.index(named[-1]) if named else None


def _time(rest: str) -> time | None:
    for form in _TIMES:
        for match in form.finditer(rest):
            stated = _time_of(match.groupdict())
            if stated is not None:
                return stated
    return None


def _time_of(said: dict[str, str | None]) -> time | None:
    half = (said.get("half") or "").replace(".", "")
    hour, minute = int(said.get("hour") or 12), int(said.get("minute") or 0)
    if half == "midnight":
        return time(23, 59)
    if half in ("pm", "am") and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _zoned(said: str) -> Closing | None:
    """A machine's time with its offset, moved to London: 23:30 UTC in July is half past midnight there."""
    iso, feed = _ZONE.search(said), _RFC_1123.search(said)
    try:
        if iso is not None:
            moment = datetime.fromisoformat(said[max(0, iso.start() - 10) : iso.end()].upper())
        elif feed is not None:
            moment = parsedate_to_datetime(feed[0])
        else:
            return None
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(LONDON)
    except (ValueError, OverflowError):
        return None
    if not _EARLIEST <= moment.year <= _LATEST:
        return None
    return Closing(moment.date(), _said(moment.time()))


def _said(at: time | None) -> time | None:
    """A machine writes midnight for "no time given"."""
    return at.replace(second=0, microsecond=0) if at and (at.hour or at.minute) else None
