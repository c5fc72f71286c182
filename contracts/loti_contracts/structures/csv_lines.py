"""From a file to lines of cells, whatever a spreadsheet made of them."""

import csv
import io
from typing import Final

from loti_contracts.structures.columns import COLUMNS
from loti_contracts.structures.faults import Fault, StructureRefused

MOST_CHARACTERS: Final = 250_000
_SEPARATORS: Final = (",", ";", "\t")
_SAVE_AS: Final = "save it as CSV UTF-8 (in Excel: File, Save As, CSV UTF-8)"

Line = tuple[int, list[str]]
"""Where a line begins in the file, from 1, and its cells without the spaces around them."""


def structure_text(content: bytes) -> str:
    """A file's text: UTF-8 with or without a byte order mark, UTF-16 with one, or Windows-1252, as spreadsheets write
    it. Raises StructureRefused where it is none."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise StructureRefused([Fault(None, None, f"this is a workbook, not CSV; {_SAVE_AS}")])
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise StructureRefused([Fault(None, None, f"this is not text in UTF-8 or Windows-1252; {_SAVE_AS}")])


def read_lines(text: str) -> list[Line]:
    """The lines that are not empty, the header first. Comma, semicolon or tab, whichever the header has most of.

    Raises StructureRefused for what is too long, empty or no CSV.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MOST_CHARACTERS:
        raise StructureRefused([Fault(None, None, f"it has more than {MOST_CHARACTERS:,} characters")])
    if "\0" in text:
        raise StructureRefused([Fault(None, None, f"this is not text; {_SAVE_AS}")])
    separator, skipped = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[Line] = []
    begins = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped) and begins > skipped:
                lines.append((begins, stripped))
            begins = reader.line_num + 1
    except csv.Error as error:
        problem = f"it cannot be read as CSV ({error}); look for a stray quotation mark"
        raise StructureRefused([Fault(begins, None, problem)]) from error
    if not lines:
        raise StructureRefused([Fault(None, None, f"it is empty; the first line is {','.join(COLUMNS)}")])
    return lines


def _separator(text: str) -> tuple[str, int]:
    """The separator, and how many lines it took to say so: Excel may write `sep=;` above the header."""
    lines = text.splitlines()
    number, first = next(((n, line) for n, line in enumerate(lines, 1) if line.strip()), (0, ""))
    if first.lower().startswith("sep=") and first[4:5] in _SEPARATORS:
        return first[4], number
    return max(_SEPARATORS, key=first.count), 0
