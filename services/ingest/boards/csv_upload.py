"""Adverts as a table: a CSV file at an address, or its bytes. The first row names the columns, in any order and case.

Columns: id, title, url, employer, location, pay, posted, closes, description, department, employment_type. Only title
and url are needed; without an id the address is the identity. Reference, link, salary, closing date and contract type
are understood for id, url, pay, closes and employment_type. Commas, semicolons or tabs part the fields; quoted
fields may hold line breaks. UTF-8 with or without a mark, UTF-16 with one, else Windows-1252.
"""

import codecs
import csv
import re

from services.ingest.boards.adapter import Board, Reading, Steps
from services.ingest.boards.ats_options import options_of
from services.ingest.boards.ats_posting import posting_of
from services.ingest.boards.paged import paged
from services.ingest.boards.posting import (
    MAX_BODY,
    BoardPage,
    NotABoard,
    Posting,
    Refused,
    unreadable,
    why_incomplete,
)
from services.ingest.boards.text import plain, unlabelled

COLUMNS = (
    "id", "title", "url", "employer", "location", "pay", "posted", "closes", "description", "department",
    "employment_type",
)  # fmt: skip
_ALSO = {
    "reference": "id",
    "link": "url",
    "salary": "pay",
    "closing_date": "closes",
    "contract_type": "employment_type",
}
MOST_ROWS = 20_000
_NEEDED = ("title", "url")
_EXPECTED = f"a CSV table whose first row names columns, among them {' and '.join(_NEEDED)}"
_MOST_MISREAD = 50
"""Rows with broken quotes after which no more is read: each may make the rest be read again."""
_TITLE = re.compile(r"<title[^<>]*>([^<]{1,200})", re.IGNORECASE)


def csv_upload(board: Board, reading: Reading) -> Steps:
    """Read the table at the board's address. Raises NotABoard, and ValueError for options."""
    options_of(board, "csv_upload")
    yield from paged(read_csv)(board, reading)


def read_csv(body: bytes, *, base_url: str, content_type: str | None = None) -> BoardPage:
    """Read a table; a row that cannot be read is refused with its number, the header being row 1.

    Raises NotABoard if it is empty, too large, a web page, or its first row names no title and no url.
    """
    if len(body) > MAX_BODY:
        raise NotABoard(_EXPECTED, f"a body of {len(body):,} bytes; at most {MAX_BODY:,} are read")
    text = _decoded(body)
    if not text.strip():
        raise NotABoard(_EXPECTED, "an empty body")
    lines = text.splitlines(keepends=True) if "\n" not in text else re.findall(r"[^\n]*\n|[^\n]+", text)
    mark, header = _header(lines[0])
    if not set(_NEEDED) <= set(header):
        raise NotABoard(_EXPECTED, _instead(text, header))
    postings: list[Posting] = []
    refused = _misnamed(header)
    strangers = len(refused)
    rows, lost = _rows(lines, mark)
    board = Board(base_url)
    taken: dict[str, int] = {}
    for number, row in rows:
        read = row if isinstance(row, str) else _posting(row, header, board, taken, number)
        if isinstance(read, Posting):
            postings.append(read)
        else:
            refused.append(Refused("posting", f"row {number}", read))
    why = why_incomplete([lost, unreadable(tuple(refused[strangers:]))])
    return BoardPage(tuple(postings), tuple(refused), why is None, None, (), why)


def _decoded(body: bytes) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace").removeprefix("\ufeff")
    return unlabelled(body)


def _header(line: str) -> tuple[str, list[str]]:
    """The mark between fields, by which most columns are known, and the names of the columns."""

    def names(mark: str) -> list[str]:
        fields = line[:10_000].strip().split(mark)
        bare = (re.sub(r"[\s-]+", "_", field.strip().strip('"').strip().lower()) for field in fields)
        return [_ALSO.get(name, name) for name in bare]

    mark = max(",;\t", key=lambda mark: len(set(names(mark)) & set(COLUMNS)))
    return mark, names(mark)


def _misnamed(header: list[str]) -> list[Refused]:
    """Columns that are not read. They cost no posting."""
    there_are = ", ".join(COLUMNS)
    return [
        Refused("column", "row 1", f"{plain(name, 60)!r} is {why}; the columns are {there_are}")
        for place, name in enumerate(header)
        if name
        and (why := "none" if name not in COLUMNS else "named twice" if name in header[:place] else "")
    ][:20]


def _rows(lines: list[str], mark: str) -> tuple[list[tuple[int, list[str] | str]], str | None]:
    """The rows below the header with their numbers, or why one could not be read, and why the rest was not.

    A row with broken quotes swallows what follows it; reading goes on in the line below its first.
    """
    rows: list[tuple[int, list[str] | str]] = []
    number, line, misread = 1, 1, 0
    while line < len(lines):
        reader = csv.reader(lines[line:], delimiter=mark, strict=True)
        begun = 0
        try:
            for row in reader:
                number += 1
                begun = reader.line_num
                if any(field.strip() for field in row):
                    rows.append((number, row))
                if len(rows) > MOST_ROWS:
                    return rows[:MOST_ROWS], f"more than {MOST_ROWS:,} rows"
            break
        except csv.Error as error:
            number += 1
            misread += 1
            rows.append((number, f"its quotes are broken ({error}); a quote within a field is doubled"))
            if misread > _MOST_MISREAD:
                return rows, f"more than {_MOST_MISREAD} rows have broken quotes"
            line += begun + 1
    if rows and not lines[-1].endswith(("\n", "\r")) and isinstance(rows[-1][1], list):
        width = max(len(row) for _, row in rows if isinstance(row, list))
        if len(rows[-1][1]) < width:
            rows[-1] = (rows[-1][0], "the table ends inside it; upload it again")
    return rows, None


def _posting(
    row: list[str], header: list[str], board: Board, taken: dict[str, int], number: int
) -> Posting | str:
    if any(field.strip() for field in row[len(header) :]):
        return (
            f"it has {len(row)} fields, the header {len(header)}; a field with the parting mark needs quotes"
        )
    told = dict(zip(header[::-1], (row + [""] * (len(header) - len(row)))[: len(header)][::-1], strict=True))
    read = posting_of(
        plain(told.get("id")) or "",
        title=told["title"],
        link=told["url"].strip() or None,
        board=board,
        **{"pay_text" if name == "pay" else name: told.get(name) for name in COLUMNS[3:]},
    )
    if isinstance(read, Refused):
        return read.why
    key = read.key or read.url
    if key in taken:
        return f"its {'id' if read.key else 'url'} {key[:80]!r} is that of row {taken[key]}; each advert needs its own"
    taken[key] = number
    return Posting(**{name: getattr(read, name) for name in Posting.__slots__} | {"key": key})


def _instead(text: str, header: list[str]) -> str:
    if text.lstrip()[:1] == "<":
        title = _TITLE.search(text[:20_000])
        return f"a page titled {plain(title[1])!r}" if title else "a page without a title"
    return f"a first row that names {', '.join(filter(None, header))[:120]!r}"
