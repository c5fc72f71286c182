"""An upload: a borough's file, checked line by line, made into contributions, or refused with all its mistakes."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from loti_contracts.vocabulary import LEVELS, standard_roles
from services.salaries.contributed.columns import read_header
from services.salaries.contributed.complaints import Complaint, UploadRefused, refuse
from services.salaries.contributed.contributions import NO_LEVEL
from services.salaries.contributed.csv_text import Line, read_lines
from services.salaries.contributed.values import (
    NotReadable,
    check_salary,
    read_amount,
    read_hours,
    read_posts,
    read_salary,
    read_share,
    read_text,
)
from services.salaries.names import Unclear, understand

T = TypeVar("T")

EXAMPLE = "example"
"""A post of that name is the template's, and is passed over."""

MOST_POSTS = 100_000
"""In one upload."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What a file says. `pay` is pence a year, full-time equivalent, sorted, by standard role and level."""

    pay: Mapping[tuple[str, str], tuple[int, ...]]
    examples: int
    understood: Mapping[str, str]
    """Names that were written otherwise than the standard role, and how they were read."""

    @property
    def posts(self) -> int:
        """How many there are."""
        return sum(len(amounts) for amounts in self.pay.values())

    @property
    def without_level(self) -> int:
        """How many of them count for all levels alone."""
        return sum(len(amounts) for (_, level), amounts in self.pay.items() if level == NO_LEVEL)


@dataclass
class _Reading:
    pay: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[str, int] = field(default_factory=dict)
    understood: dict[str, str] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    examples: int = 0


def read_upload(content: bytes) -> Upload:
    """Read a whole file. Raises UploadRefused with every mistake in it; then nothing of it counts."""
    header, *lines = read_lines(content)
    columns = read_header(header)
    reading = _Reading()
    for line in lines:
        _read_line(line, columns, reading)
    if reading.complaints:
        raise UploadRefused(reading.complaints)
    upload = Upload(
        pay={slot: tuple(sorted(amounts)) for slot, amounts in sorted(reading.pay.items())},
        examples=reading.examples,
        understood=reading.understood,
    )
    if not upload.posts:
        raise refuse(
            "there is no post in it; to take back what was contributed, use `loti salaries withdraw`"
        )
    if upload.posts > MOST_POSTS:
        raise refuse(f"at most {MOST_POSTS:,} posts; this file has {upload.posts:,}")
    return upload


def _read_line(line: Line, columns: Sequence[str | None], reading: _Reading) -> None:
    if any(line.cells[len(columns) :]):
        expected = f"{len(columns)} cells are expected, as in the header; is a comma inside a value?"
        reading.complaints.append(Complaint(line.number, None, f"{len(line.cells)} cells", expected))
        return
    cells = {name: cell for name, cell in zip(columns, line.cells, strict=False) if name and cell}
    if cells.get("post", "").casefold().startswith(EXAMPLE):
        reading.examples += 1
        return
    before = len(reading.complaints)
    _check_post(line, cells, reading)
    role, level = _role_and_level(line, cells, reading)
    pence = _salary(line, cells, reading)
    posts = _read(line, cells, "posts", read_posts, reading) if "posts" in cells else 1
    if len(reading.complaints) == before and role is not None and pence is not None and posts is not None:
        reading.pay[role, level].extend([pence] * posts)


def _check_post(line: Line, cells: Mapping[str, str], reading: _Reading) -> None:
    post = _read(line, cells, "post", read_text, reading) if "post" in cells else ""
    if post == "":
        reading.complaints.append(Complaint(line.number, "post", "", "a reference is expected"))
    elif post is not None and reading.seen.setdefault(post, line.number) != line.number:
        expected = f"a reference of its own is expected; line {reading.seen[post]} has the same"
        reading.complaints.append(Complaint(line.number, "post", post, expected))


def _role_and_level(line: Line, cells: Mapping[str, str], reading: _Reading) -> tuple[str | None, str]:
    column = "standard_role" if "standard_role" in cells else "job_title"
    name = _read(line, cells, column, read_text, reading) if column in cells else ""
    role, level, expected = _understood(name) if name else (None, NO_LEVEL, "")
    if name is not None and role is None:
        expected = expected or "a standard role or a job title is expected"
        reading.complaints.append(Complaint(line.number, column, name, expected))
    elif name and role is not None and name.casefold() != role.casefold():
        reading.understood[name] = f"{role}, {level or 'no level'}"
    if "level" in cells:
        level = cells["level"].casefold()
        if level not in LEVELS:
            expected = f"one of {', '.join(LEVELS)}, or nothing, is expected"
            reading.complaints.append(Complaint(line.number, "level", cells["level"], expected))
    return role, level


@cache
def _understood(name: str) -> tuple[str | None, str, str]:
    """A standard role and perhaps a level; or what to say of a name that is neither a role nor a title of one."""
    if name in standard_roles():
        return name, NO_LEVEL, ""
    meant = understand(name)
    if not isinstance(meant, Unclear):
        return meant.role, meant.level or NO_LEVEL, ""
    near = " or ".join(meant.choices[:3])
    other = "leave out posts that are not digital"
    return None, NO_LEVEL, f"a standard role is expected{f', such as {near}' if near else ''}; {other}"


def _salary(line: Line, cells: Mapping[str, str], reading: _Reading) -> int | None:
    share = None
    for column, read in (("hours", read_hours), ("fte", read_share)):
        if column in cells:
            share = _read(line, cells, column, read, reading) or share
    if "salary" in cells:
        return _read(line, cells, "salary", read_salary, reading)
    if "actual_salary" not in cells:
        expected = "pounds a year are expected, full-time equivalent"
        reading.complaints.append(Complaint(line.number, "salary", "", expected))
        return None
    actual = _read(line, cells, "actual_salary", read_amount, reading)
    if actual is None:
        return None
    if share is None:
        expected = "fte or hours are needed beside it, to make it full-time equivalent"
        reading.complaints.append(Complaint(line.number, "actual_salary", None, expected))
        return None
    lifted = round(actual / share)
    try:
        check_salary(lifted)
    except NotReadable as error:
        found = f"{cells['actual_salary']} for {float(share):.3g} of full time"
        reading.complaints.append(Complaint(line.number, "actual_salary", found, str(error)))
        return None
    return lifted


def _read(
    line: Line, cells: Mapping[str, str], column: str, read: Callable[[str], T], reading: _Reading
) -> T | None:
    """The cell's value; None, and a complaint, where it cannot be read."""
    try:
        return read(cells[column])
    except NotReadable as error:
        found = None if error.secret else cells[column]
        reading.complaints.append(Complaint(line.number, column, found, str(error)))
        return None
