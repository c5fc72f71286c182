"""What is shown on pages, in words: money, days and times in London, boroughs, counts, and what people wrote. Pure.

Each is a function, and a filter of the templates: `{{ role.posted_on | day }}`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from loti_contracts.events.roles import Period
from loti_contracts.vocabulary.authorities import authorities

LONDON: Final = ZoneInfo("Europe/London")
NOTHING: Final = "–"

_EACH: Final[Mapping[str, str]] = {
    "year": "a year",
    "month": "a month",
    "week": "a week",
    "day": "a day",
    "hour": "an hour",
}
_STEPS: Final = (
    ("year", 365 * 86_400),
    ("month", 30 * 86_400),
    ("day", 86_400),
    ("hour", 3_600),
    ("minute", 60),
)
_UNUSUAL: Final[Mapping[str, str]] = {"is": "are", "was": "were", "has": "have", "person": "people"}
_TAGS: Final = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong", "ul",
}  # fmt: skip


def pounds(pence: int | None, period: Period | None = None) -> str:
    """£58,133 a year; pence are shown only where there are any: £15.40 an hour. A dash for None."""
    if pence is None:
        return NOTHING
    whole = pence % 100 == 0
    amount = f"£{abs(pence) // 100:,}" if whole else f"£{abs(pence) / 100:,.2f}"
    return f"{'−' if pence < 0 else ''}{amount}{f' {_EACH[period]}' if period else ''}"


def day(when: date | datetime | None) -> str:
    """3 November 2026, in London; a dash for None."""
    if when is None:
        return NOTHING
    on = when.astimezone(LONDON).date() if isinstance(when, datetime) else when
    return f"{on.day} {on:%B %Y}"


def moment(when: datetime | None) -> str:
    """3 November 2026 at 4:05pm, in London; a dash for None."""
    if when is None:
        return NOTHING
    there = when.astimezone(LONDON)
    return f"{day(when)} at {there.hour % 12 or 12}:{there:%M}{'am' if there.hour < 12 else 'pm'}"


def ago(when: datetime | None, now: datetime) -> str:
    """5 minutes ago, or in 2 days; a dash for None."""
    if when is None:
        return NOTHING
    seconds = (now - when).total_seconds()
    for unit, length in _STEPS:
        if abs(seconds) >= length:
            long = count(int(abs(seconds) // length), unit)
            return f"{long} ago" if seconds > 0 else f"in {long}"
    return "just now" if seconds >= 0 else "in a moment"


def borough(gss: str | None) -> str:
    """Camden, for E09000007; what is no London authority's code is given back as it is."""
    if gss is None:
        return NOTHING
    known = authorities().get(gss)
    return known.name if known else gss


def count(n: int, what: str, many: str | None = None) -> str:
    """1 role; 2,310 roles; 3 authorities, with `many` or by the usual endings."""
    return f"{n:,} {what if n == 1 else many or _plural(what)}"


def markdown(text: str) -> Markup:
    """What a person wrote, as HTML: CommonMark in which a tag is only text. Headings begin at the second level, pictures
    become their words, links lead to http(s) and mailto alone."""
    rendered = _parser().render(text.replace("\0", ""))
    clean = nh3.clean(rendered, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"})
    return Markup(clean)  # noqa: S704 - nh3 has cleaned it


def machine(when: date | datetime) -> str:
    """For `<time datetime="…">`."""
    return (
        when.astimezone(UTC).isoformat(timespec="seconds") if isinstance(when, datetime) else when.isoformat()
    )


_CLASSES: Final[Mapping[str, str]] = {
    "a": "govuk-link",
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "h4": "govuk-heading-s",
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "blockquote": "govuk-inset-text",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
    "pre": "app-code",
}
_ATTRIBUTES: Final = {tag: {"class"} for tag in _CLASSES} | {"a": {"href", "class"}}


@cache
def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).disable("image")
    made.core.ruler.push("as pages look", _dress)
    return made


def _dress(state: Any) -> None:
    """Give each element the class that the design system has for it, and headings a level below the page's title."""
    for token in state.tokens:
        if token.tag.startswith("h") and token.tag[1:].isdigit():
            token.tag = f"h{min(4, int(token.tag[1:]) + (1 if token.tag == 'h1' else 0))}"
        for one in (token, *(token.children or ())):
            if one.nesting >= 0 and one.tag in _CLASSES:
                one.attrSet("class", _CLASSES[one.tag])


def _plural(word: str) -> str:
    first, _, last = word.rpartition(" ")
    if last in _UNUSUAL:
        many = _UNUSUAL[last]
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        many = f"{last[:-1]}ies"
    else:
        many = last + ("es" if last.endswith(("s", "x", "ch", "sh")) else "s")
    return f"{first} {many}" if first else many


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "pounds": pounds,
    "day": day,
    "moment": moment,
    "ago": ago,
    "borough": borough,
    "count": count,
    "markdown": markdown,
    "machine": machine,
}
