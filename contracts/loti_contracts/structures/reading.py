"""Reads a team structure from CSV, one line for each post or for several alike."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from loti_contracts.events.library_content import Post
from loti_contracts.structures.columns import read_header
from loti_contracts.structures.csv_lines import read_lines
from loti_contracts.structures.faults import Fault, StructureRefused
from loti_contracts.structures.tree import in_tree_order, tree_faults
from loti_contracts.vocabulary import LEVELS, standard_roles

MOST_POSTS: Final = 500
_LONGEST: Final = {"id": 60, "title": 200, "reports_to": 200, "team": 200}


@dataclass(frozen=True, slots=True)
class _Row:
    """A line without a fault of its own; `fields` are a Post's, but that `reports_to` may be a title yet."""

    line: int
    fields: dict[str, Any]


def read_structure(csv_text: str) -> tuple[Post, ...]:
    """The posts, each after whom it reports to. Columns in any order, see COLUMNS; comma, semicolon or tab.

    Raises StructureRefused with every fault and its line: columns that are unknown or missing, levels and standard
    roles that are none, counts that are no numbers, posts that report to nobody or in a circle.
    """
    (header_line, header), *lines = read_lines(csv_text)
    columns = read_header(header_line, header)
    faults: list[Fault] = []
    if len(lines) > MOST_POSTS:
        problem = f"there are more than {MOST_POSTS} lines; say with count how many posts are alike"
        raise StructureRefused([Fault(lines[MOST_POSTS][0], None, problem)])
    if not lines:
        raise StructureRefused([Fault(None, None, "there is no post below the first line")])
    rows: list[_Row] = []
    for line, cells in lines:
        if any(cells[len(columns) :]):
            faults.append(
                Fault(line, None, f"it has more cells than the first line, which has {len(columns)}")
            )
        elif row := _row(line, dict(zip(columns, cells, strict=False)), faults):
            rows.append(row)
    if not faults:  # while lines are missing, what points at them is no fault of its own
        posts = _posts(rows)
        faults = [Fault(rows[at].line, None, problem) for at, problem in tree_faults(posts)]
    if faults:
        raise StructureRefused(faults)
    return in_tree_order(posts)


def _row(line: int, cells: Mapping[str, str], faults: list[Fault]) -> _Row | None:
    """What a line says, or None and why not in `faults`."""
    known = len(faults)
    for column, most in _LONGEST.items():
        if len(cells.get(column, "")) > most:
            faults.append(Fault(line, column, f"it is longer than {most} characters"))
    if not cells.get("title"):
        faults.append(Fault(line, "title", "it is empty; every post needs one"))
    fields: dict[str, Any] = {
        "id": cells.get("id") or f"line {line}",
        "title": cells.get("title"),
        "reports_to": cells.get("reports_to") or None,
        "team": cells.get("team") or None,
    }
    for column, read in _READERS.items():
        if cell := cells.get(column):
            try:
                fields[column] = read(cell)
            except ValueError as error:
                faults.append(Fault(line, column, str(error)))
    return _Row(line, fields) if len(faults) == known else None


def _posts(rows: Sequence[_Row]) -> list[Post]:
    """The posts of the lines; one that names the title of whom it reports to gets the id instead."""
    ids = {row.fields["id"] for row in rows}
    titled: dict[str, list[str]] = {}
    for row in rows:
        titled.setdefault(row.fields["title"].casefold(), []).append(row.fields["id"])

    def above(told: str | None) -> str | None:
        found = titled.get(told.casefold(), []) if told and told not in ids else []
        return found[0] if len(found) == 1 else told and told[:60]

    return [Post(**row.fields | {"reports_to": above(row.fields["reports_to"])}) for row in rows]


def _role(cell: str) -> str:
    by_plain = {name.casefold(): name for name in standard_roles()}
    if name := by_plain.get(cell.casefold()):
        return name
    near = difflib.get_close_matches(cell.casefold(), by_plain, n=1, cutoff=0.6)
    hint = f"did you mean {by_plain[near[0]]}? " if near else ""
    raise ValueError(f"{_shown(cell)} is no standard role; {hint}Leave it empty where none fits")


def _level(cell: str) -> str:
    if cell.lower() in LEVELS:
        return cell.lower()
    raise ValueError(f"{_shown(cell)} is no level; it is {', '.join(LEVELS)}, or empty")


def _number(least: int) -> Callable[[str], int]:
    def read(cell: str) -> int:
        if cell.isascii() and cell.isdigit() and len(cell) < 6 and least <= int(cell) <= 1_000:
            return int(cell)
        raise ValueError(f"{_shown(cell)} is no whole number from {least} to 1,000")

    return read


def _shown(cell: str) -> str:
    short = cell if len(cell) <= 40 else cell[:39] + "…"
    return '"' + "".join(letter if letter.isprintable() else "�" for letter in short) + '"'


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "standard_role": _role,
    "level": _level,
    "count": _number(1),
    "vacant": _number(0),
}
