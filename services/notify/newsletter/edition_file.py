"""The file that a person edits: a few facts between two lines of dashes, and the newsletter in Markdown below. Pure.

---
title: Digital jobs in London, November 2026
summary: Forty new roles, and five boroughs that look for the same engineer.
since: 2026-11-01
until: 2026-11-30
---

## New roles
…
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.notify.letters.wording import one_line

LONGEST_TITLE: Final = 200
LONGEST_SUMMARY: Final = 500
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_KNOWN: Final = ("id", "title", "summary", "since", "until")
_FENCE: Final = "---"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which line (the first is 1), and what to do about it. What is not `serious` may be sent."""

    line: int
    what: str
    do: str
    serious: bool = True

    def __str__(self) -> str:
        return f"line {self.line}: {self.what} {self.do}"


@dataclass(frozen=True, slots=True)
class EditionFile:
    """A newsletter as it was written. `first_line` is where the Markdown begins in its file."""

    id: str
    title: str
    summary: str
    since: date
    until: date
    markdown: str
    first_line: int = 1


class FileRefused(ValueError):
    """The file is no newsletter: `problems` says why, line by line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def edition_id(since: date, until: date) -> str:
    """The id of an edition that names none: there is one for each period."""
    return f"{since}-to-{until}"


def read_file(text: str) -> EditionFile:
    """The newsletter in a file. Raises FileRefused with everything that is wrong with the facts at its top."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if "\0" in text:
        at = next(number for number, line in enumerate(lines, 1) if "\0" in line)
        raise FileRefused(
            [Problem(at, "There is a NUL character.", "Save the file as plain text, in UTF-8.")]
        )
    begins = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[begins].strip() != _FENCE:
        raise FileRefused(
            [
                Problem(
                    begins + 1, "The facts are missing.", f"Begin with a line of {_FENCE}, as a draft does."
                )
            ]
        )
    ends = next((n for n, line in enumerate(lines) if n > begins and line.strip() == _FENCE), None)
    if ends is None:
        raise FileRefused(
            [Problem(begins + 1, "The facts do not end.", f"Put a line of {_FENCE} below them.")]
        )
    problems: list[Problem] = []
    facts = _facts(lines[begins + 1 : ends], begins + 2, problems)
    made = _file(facts, "\n".join(lines[ends + 1 :]), begins + 1, ends + 2, problems)
    if problems or made is None:
        raise FileRefused(sorted(problems, key=lambda problem: problem.line))
    return made


def write_file(file: EditionFile) -> str:
    """The text of the file that `read_file` reads as this."""
    known = file.id == edition_id(file.since, file.until)
    facts = [
        *([] if known else [f"id: {file.id}"]),
        f"title: {one_line(file.title, LONGEST_TITLE)}",
        f"summary: {one_line(file.summary, LONGEST_SUMMARY)}",
        f"since: {file.since}",
        f"until: {file.until}",
    ]
    return "\n".join([_FENCE, *facts, _FENCE, "", file.markdown.strip("\n"), ""])


def _facts(lines: list[str], first: int, problems: list[Problem]) -> dict[str, tuple[int, str]]:
    facts: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        if not colon or name not in _KNOWN:
            problems.append(
                Problem(number, f"{line.strip()[:40]!r} is no fact of a newsletter.", f"It has {_listed()}.")
            )
        elif name in facts:
            problems.append(
                Problem(number, f"{name} is said twice.", f"Keep it here or in line {facts[name][0]}.")
            )
        else:
            facts[name] = number, _unquoted(value.strip())
    return facts


def _listed() -> str:
    return f"{', '.join(_KNOWN[:-1])} and {_KNOWN[-1]}, each as `name: words`"


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if quoted else value


def _file(
    facts: dict[str, tuple[int, str]], markdown: str, top: int, first_line: int, problems: list[Problem]
) -> EditionFile | None:
    title = _words("title", facts, top, LONGEST_TITLE, problems)
    summary = _words("summary", facts, top, LONGEST_SUMMARY, problems)
    since, until = (_day(name, facts, top, problems) for name in ("since", "until"))
    if since is None or until is None:
        return None
    if since > until:
        problems.append(
            Problem(facts["until"][0], f"The period ends {until}, before it begins.", f"It begins {since}.")
        )
    line, id_ = facts.get("id", (top, edition_id(since, until)))
    if not _ID.fullmatch(id_) or id_.startswith("test-"):
        problems.append(
            Problem(
                line,
                f"{id_[:40]!r} is no id.",
                "Use small letters, figures and hyphens, 80 at most, no `test-` first; or leave it out.",
            )
        )
    return EditionFile(id_, title, summary, since, until, markdown, first_line)


def _words(
    name: str, facts: dict[str, tuple[int, str]], top: int, longest: int, problems: list[Problem]
) -> str:
    line, words = facts.get(name, (top, ""))
    told = one_line(words, longest * 2)
    if not told:
        problems.append(
            Problem(line, f"There is no {name}.", f"Say `{name}: …` between the two lines of dashes.")
        )
    elif len(told) > longest:
        problems.append(
            Problem(
                line, f"The {name} has {len(words)} characters.", f"Mailboxes cut it; {longest} is the most."
            )
        )
    return told


def _day(name: str, facts: dict[str, tuple[int, str]], top: int, problems: list[Problem]) -> date | None:
    line, words = facts.get(name, (top, ""))
    try:
        return date.fromisoformat(words)
    except ValueError:
        what = f"{words[:40]!r} is no day." if words else f"There is no {name}."
        problems.append(Problem(line, what, f"Say `{name}: 2026-11-30`, the year first."))
        return None
