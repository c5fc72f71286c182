"""Supporters from a spreadsheet: one row each, with the contact beside it. All that is wrong is told at once."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from loti_contracts.events import Contact, Supporter
from services.matching.supporter_cells import COLUMNS, KINDS

MOST_TOLD = 20


class BadRows(ValueError):
    """A file that cannot be used; the text says what is wrong in which line and column, a line each."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one row states: the supporter without a name, and the contact with it. Their revisions are 1."""

    supporter: Supporter
    contact: Contact


def read_rows(text: str, *, name: str, kind: str | None, stated_at: datetime) -> Sequence[Row]:
    """The supporters of a CSV file (comma or semicolon, header first). `kind` is that of rows that name none.

    Raises BadRows, which calls the file by `name`.
    """
    rows, header = _table(text, name)
    wrong: list[str] = []
    found: dict[str, tuple[int, Row]] = {}
    for line, cells in rows:
        try:
            row = _row(cells, kind=kind, stated_at=stated_at)
        except BadRows as error:
            wrong += [f"{name}, line {line}, {one}" for one in str(error).splitlines()]
            continue
        before = found.get(row.supporter.id)
        if before:
            wrong.append(
                f"{name}, line {line}, id: {row.supporter.id} is on line {before[0]} already; keep one"
            )
        found[row.supporter.id] = (line, row)
    if not rows:
        wrong.append(
            f"{name} has no row below its header ({', '.join(header)}); add a row for each supporter"
        )
    if wrong:
        more = [f"… and {len(wrong) - MOST_TOLD} more"] if len(wrong) > MOST_TOLD else []
        raise BadRows("\n".join([*wrong[:MOST_TOLD], *more]))
    return [row for _, row in found.values()]


def _table(text: str, name: str) -> tuple[list[tuple[int, dict[str, str]]], Sequence[str]]:
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    if not first.strip():
        raise BadRows(f"{name} is empty; `loti matching supporters template` prints one to fill in")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter, restkey="", strict=True)
    try:
        header = [column.strip() for column in reader.fieldnames or ()]
    except csv.Error as error:
        raise BadRows(f"{name}, line 1: {error}; save it as CSV again") from error
    reader.fieldnames = header
    unknown = [column for column in header if column not in COLUMNS]
    missing = [column for column in ("id", "name", "email", "organisation") if column not in header]
    if unknown or missing:
        told = [f"there is no column {column!r}" for column in unknown]
        told += [f"the column {column!r} is missing" for column in missing]
        raise BadRows(f"{name}, line 1: {'; '.join(told)}; the columns are {', '.join(COLUMNS)}")
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        for cells in reader:
            if "" in cells:
                raise BadRows(
                    f"{name}, line {reader.line_num}: has more cells than the header; "
                    "put text that contains the separator in quotes"
                )
            kept = {column: (cell or "").strip() for column, cell in cells.items()}
            if any(kept.values()):
                rows.append((reader.line_num, kept))
    except csv.Error as error:
        raise BadRows(f"{name}, line {reader.line_num}: {error}; save it as CSV again") from error
    return rows, header


def _row(cells: Mapping[str, str], *, kind: str | None, stated_at: datetime) -> Row:
    wrong: list[str] = []
    read: dict[str, Any] = {}
    for column, cell in cells.items():
        if not cell:
            continue
        try:
            read[column] = COLUMNS[column](cell)
        except ValueError as error:
            wrong.append(f"{column}: {error}")
    read.setdefault("kind", kind)
    if not read["kind"]:
        wrong.append(f"kind: is missing; give it in the file or with --kind ({', '.join(KINDS)})")
    wrong += [
        f"{column}: is missing" for column in ("id", "name", "email", "organisation") if not cells[column]
    ]
    if wrong:
        raise BadRows("\n".join(wrong))
    prefers = {what: read.pop(f"prefers_{what}", ()) for what in ("boroughs", "families", "roles")}
    person = {field: read.pop(field) for field in ("name", "email", "organisation")}
    contact_id = read.pop("contact_id", f"contact-{read['id']}")
    try:
        return Row(
            supporter=Supporter.model_validate(
                {
                    **read,
                    "revision": 1,
                    "contact_id": contact_id,
                    "prefers": prefers if any(prefers.values()) else None,
                    "stated_at": stated_at,
                }
            ),
            contact=Contact(id=contact_id, revision=1, borough=read.get("own_borough"), **person),
        )
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False)
        raise BadRows("\n".join(f"{one['loc'][0]}: {one['msg']}" for one in told)) from error
