"""A CSV file as rows that know their line; all that is wrong with it is collected, not only the first fault."""

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_SHOWN = 20
_TOLD = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, what is there, and what is expected."""

    file: str
    line: int | None
    column: str | None
    value: str | None
    expected: str

    def __str__(self) -> str:
        where = [self.file]
        where += [f"line {self.line}"] if self.line else []
        where += [f"column {self.column}"] if self.column else []
        return f"{', '.join(where)}: {self._found()}{self.expected}"

    def _found(self) -> str:
        if self.value is None:
            return ""
        short = self.value if len(self.value) <= _TOLD else self.value[:_TOLD] + "…"
        return f"{short!r} is there; expected " if self.value else "is empty; expected "


class BadSheets(Exception):
    """Files that cannot be used, with everything that is wrong with them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        shown = [str(one) for one in self.faults[:_SHOWN]]
        more = len(self.faults) - len(shown)
        return "\n".join(shown + ([f"and {more:,} more faults of the same files"] if more else []))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sheet, by column; columns that are not there are empty."""

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def items(self, column: str) -> tuple[str, ...]:
        """A list whose items are parted by `;`, each once."""
        return tuple(dict.fromkeys(item.strip() for item in self[column].split(";") if item.strip()))


@dataclass(slots=True)
class Sheet:
    """A file while it is read: its rows, and the faults that were found so far."""

    file: str
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unused: tuple[str, ...] = ()
    """Columns that mean nothing here."""
    whole: bool = False
    """Whether every row of the file is in `rows`: else its ids cannot be looked up."""

    def fault(self, line: int | None, column: str | None, value: str | None, expected: str) -> None:
        """Note something that is wrong."""
        self.faults.append(Fault(self.file, line, column, value, expected))


def read_sheet(data: bytes, *, file: str, required: Sequence[str], optional: Iterable[str] = ()) -> Sheet:
    """The rows of a CSV file in UTF-8, with or without a byte order mark; empty lines are passed over.

    The faults are in the sheet; where it has any, its rows may be incomplete.
    """
    sheet = Sheet(file)
    text = _text(sheet, data)
    if text is None:
        return sheet
    if not text.strip():
        sheet.fault(None, None, None, f"is empty; expected the columns {','.join(required)} and a row each")
        return sheet
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = _header(sheet, next(reader), required, optional)
        line = reader.line_num + 1
        sheet.whole = names is not None
        for cells in reader if names is not None else ():
            sheet.whole &= _row(sheet, names or [], cells, line)
            line = reader.line_num + 1
    except csv.Error as error:
        sheet.whole = False
        sheet.fault(reader.line_num, None, None, f"is not CSV ({error}); expected each quote to be closed")
    return sheet


def _text(sheet: Sheet, data: bytes) -> str | None:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        sheet.fault(None, None, None, "is UTF-16; expected UTF-8: save it as “CSV UTF-8”")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        byte = f"the byte 0x{data[error.start]:02x}"
        sheet.fault(line, None, None, f"{byte} is not UTF-8; expected UTF-8: save it as “CSV UTF-8”")
        return None


def _header(
    sheet: Sheet, cells: list[str], required: Sequence[str], optional: Iterable[str]
) -> list[str] | None:
    names = ["_".join(cell.split()).casefold() for cell in cells]
    if len(names) == 1 and required[1:] and any(mark in names[0] for mark in ";\t"):
        mark = "`;`" if ";" in names[0] else "a tab"
        sheet.fault(
            1,
            None,
            cells[0],
            f"columns parted by commas, not by {mark}; it is the items within a column that `;` parts",
        )
        return None
    lacking = [name for name in required if name not in names]
    for name in lacking:
        sheet.fault(1, name, None, f"is missing; expected the columns {','.join(required)}")
    for name in {one for one in names if one and names.count(one) > 1}:
        sheet.fault(1, name, None, "is there twice; expected each column once")
    known = {*required, *optional}
    sheet.unused = tuple(name for name in names if name and name not in known)
    return None if lacking else names


def _row(sheet: Sheet, names: list[str], cells: list[str], line: int) -> bool:
    """Add a row; whether it could be."""
    if not any(cell.strip() for cell in cells):
        return True
    if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
        sheet.fault(
            line,
            None,
            None,
            f"has {len(cells)} columns; expected {len(names)}: a text with a comma in it stands in double quotes",
        )
        return False
    if len(cells) < len(names):
        sheet.fault(line, names[len(cells)], None, f"is missing; expected {len(names)} columns in each line")
        return False
    sheet.rows.append(Row(line, {name: cell.strip() for name, cell in zip(names, cells, strict=False)}))
    return True
