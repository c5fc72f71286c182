"""The marks of an assembled draft: what says in its title and its text that it is one, and their removal. Pure."""

import re
from typing import Final

from loti_contracts.events import Content

TITLE: Final = "Draft: "
SUMMARY: Final = (
    "A draft of an exemplar job description, assembled by rule from what {adverts} have in common. "
    "Nobody has reviewed it yet."
)
REVIEWED_SUMMARY: Final = (
    "An exemplar job description, made from what {adverts} have in common, and reviewed."
)
NOTE: Final = (
    "> **This is a draft.** It was assembled by rule from what {adverts} have in common, and nobody has reviewed it "
    "yet. Each line stands in one of the adverts; behind it stands how many say the same, and which. Names of employers, "
    "pay, dates and contacts were left out. The licence is open: whoever publishes it says how others may use it."
)
SOURCES: Final = "## Made from"

_SUMMARY = re.compile(re.escape(SUMMARY).replace(re.escape("{adverts}"), "(?P<adverts>.{1,60}?)"))
_NOTE = re.compile(r"^" + re.escape(NOTE).replace(re.escape("{adverts}"), ".{1,60}?") + r"\n*", re.MULTILINE)
_SOURCES = re.compile(r"^" + re.escape(SOURCES) + r"[ \t]*\n+(?:\d{1,3}\. [^\n]*\n?)*\n*", re.MULTILINE)
_BEHIND = re.compile(r" \*\(\d{1,3} of \d{1,3} adverts: \d{1,3}(?:, \d{1,3})*\)\*[ \t]*$", re.MULTILINE)


def behind(count: int, of: int, which: str) -> str:
    """What stands behind a line: how many adverts say it, and their numbers."""
    return f" *({count} of {of} adverts: {which})*"


def without_marks(content: Content) -> Content:
    """The same, once a reviewer publishes it. `made_from` goes on naming its sources."""
    summary = _SUMMARY.sub(lambda found: REVIEWED_SUMMARY.format(adverts=found["adverts"]), content.summary)
    title = content.title.removeprefix(TITLE).strip()
    body = content.body
    if body is not None:
        body = _BEHIND.sub("", _SOURCES.sub("", _NOTE.sub("", body.replace("\r\n", "\n")))).strip() + "\n"
    return content.model_copy(update={"title": title or content.title, "summary": summary, "body": body})
