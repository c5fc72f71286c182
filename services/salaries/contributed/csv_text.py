"""From a file's bytes to lines of cells, whatever Excel or a payroll system made of them."""

import csv
import io
from dataclasses import dataclass
from typing import Final

from services.salaries.contributed.complaints import refuse

LARGEST: Final = 50_000_000
"""Bytes."""

MOST_LINES: Final = 100_001
"""The header and 100,000 posts."""

_SEPARATORS: Final = (",", ";", "\t")
_SAVE_AS: Final = "save it as CSV UTF-8 (in Excel: File, Save As, CSV UTF-8)"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not empty. `number` is where it begins in the file, from 1."""

    number: int
    cells: tuple[str, ...]


def read_lines(content: bytes) -> list[Line]:
    """The lines that are not empty, the header first; cells without the spaces around them.

    UTF-8 with or without a byte order mark, UTF-16 with one, or Windows-1252; comma, semicolon or tab, whichever the
    header has most of. Raises UploadRefused for what is no such file.
    """
    text = _decoded(content)
    separator, skipped = _separator(text)
    lines: list[Line] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            stripped = tuple(cell.strip() for cell in cells)
            if any(stripped) and begins > skipped:
                lines.append(Line(begins, stripped))
            if len(lines) > MOST_LINES:
                raise refuse(f"at most {MOST_LINES - 1:,} posts; is this the right file?")
            begins = reader.line_num + 1
    except csv.Error as error:
        raise refuse(
            f"this line cannot be read as CSV ({error}); look for a stray quotation mark", line=begins
        ) from error
    if not lines:
        raise refuse("the file is empty; `loti salaries template` prints one to fill in")
    return lines


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST:
        raise refuse(f"at most {LARGEST:,} bytes; this file has {len(content):,}")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise refuse(f"this is an Excel workbook, not CSV; {_SAVE_AS}")
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise refuse(f"this is not text in UTF-8 or Windows-1252; {_SAVE_AS}")


def _separator(text: str) -> tuple[str, int]:
    """The separator, and how many lines it took to say so: Excel may write `sep=;` above the header."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lower().startswith("sep=") and first[4:5] in _SEPARATORS:
        return first[4], text.splitlines().index(first) + 1
    return max(_SEPARATORS, key=first.count), 0
