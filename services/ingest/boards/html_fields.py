"""Label and value pairs as vendors print them: lists of terms, tables, labelled boxes, and lines "Salary: £35,000"."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from selectolax.lexbor import LexborNode

from services.ingest.boards.council_page import WebPage, text_of
from services.ingest.boards.posting import Posting
from services.ingest.boards.text import MAX_DESCRIPTION, lines, plain

_LINE = re.compile(r"^([A-Za-z][A-Za-z /()&'-]{1,40}?)\s*[:：]\s*(.{0,300})$")
_PAIRS = (
    ("dt", "dd"),
    ("th", "td"),
    (".JD-HDLabel", ".JD-HDText"),
    ("[class*='label' i]", "[class*='value' i], [class*='text' i], span, div, dd"),
)
_MOST = 200

PAY = ("salary range", "salary details", "salary", "pay range", "pay", "remuneration")
GRADE = ("grade", "band", "pay grade", "salary grade")
CLOSES = ("closing date", "application closing date", "advert end date", "closes", "apply by", "deadline")
POSTED = ("date posted", "posted", "posting date", "advert start date", "publish date", "date advertised")
LOCATION = ("location", "work location", "job location", "work base", "county", "city", "town")
EMPLOYER = ("employer", "organisation", "organization", "company", "school name")
DEPARTMENT = ("department", "directorate", "service area", "business area", "division", "school", "category")
TYPE = (
    "employment type",
    "contract type",
    "job type",
    "position type",
    "working pattern",
    "contract",
    "hours",
)
_FIGURES = frozenset({*PAY, *CLOSES} - {"pay", "closes"})
_WITHOUT_COLON = re.compile(
    r"^(closing date|apply by|salary(?: range)?)\s+(?:is\s+|of\s+|[–-]\s*)?([^\d]{0,30}\d.{0,250})$",
    re.IGNORECASE,
)


def labelled(page: WebPage) -> dict[str, str]:
    """The values on a page by their labels in lower case, the first of each; boxes before lines of text."""
    found: dict[str, str] = {}
    for label, value in _PAIRS:
        for node in page.tree.css(label)[:_MOST]:
            _keep(found, text_of(node, 60), text_of(_sibling(page, node, value)))
    for name, value in labelled_lines(page.lines).items():
        found.setdefault(name, value)
    return found


def labelled_lines(told: Iterable[str]) -> dict[str, str]:
    """The values of lines "Label: value"; a label alone on its line has the next line as its value.

    Pay and closing dates are known without their colon, too, if there is a figure.
    """
    found: dict[str, str] = {}
    waiting: str | None = None
    for line in told:
        pair = _LINE.match(line) or _WITHOUT_COLON.match(line)
        if pair is None and line.casefold() in _FIGURES:
            waiting = line
        elif pair is None:
            if waiting and (waiting.casefold() not in _FIGURES or any(one.isdigit() for one in line)):
                _keep(found, waiting, line[:300])
            waiting = None
        elif pair.group(2).strip():
            _keep(found, pair.group(1), pair.group(2))
            waiting = None
        else:
            waiting = pair.group(1)
    return found


def labelled_in(markup: str) -> dict[str, str]:
    """The labelled lines of a piece of HTML or text."""
    return labelled_lines(lines(markup))


def value_of(found: Mapping[str, str], names: Iterable[str]) -> str | None:
    """The value under the first of these labels that is there."""
    return next((found[name] for name in names if found.get(name)), None)


def pay_of(found: Mapping[str, str]) -> str | None:
    """Salary, and the grade beside it where it is printed apart, as one line."""
    pay, grade = value_of(found, PAY), value_of(found, GRADE)
    if pay is None or grade is None or grade.lower() in pay.lower():
        return pay or (f"Grade: {grade}" if grade else None)
    return f"{pay}, Grade: {grade}"


def completed(listed: Posting, found: Mapping[str, str], *, description: str | None) -> Posting:
    """An entry of a list with what the labels on its own page say; what they leave out stays as it was listed."""
    return replace(
        listed,
        employer=value_of(found, EMPLOYER) or listed.employer,
        location=value_of(found, LOCATION) or listed.location,
        pay_text=pay_of(found) or listed.pay_text,
        posted=value_of(found, POSTED) or listed.posted,
        closes=value_of(found, CLOSES) or listed.closes,
        department=value_of(found, DEPARTMENT) or listed.department,
        employment_type=value_of(found, TYPE) or listed.employment_type,
        description=plain(description, MAX_DESCRIPTION),
    )


def _keep(found: dict[str, str], label: str | None, value: str | None) -> None:
    name = (label or "").rstrip(" :").casefold()
    if name and value and value.strip() and len(found) < _MOST:
        found.setdefault(name, value.strip())


def _sibling(page: WebPage, node: LexborNode, selector: str) -> LexborNode | None:
    """The first element after this one, if the selector means it."""
    after = node.next
    while after is not None and after.tag in ("-text", "-comment"):
        after = after.next
    return after if after is not None and after.css_matches(selector) else None
