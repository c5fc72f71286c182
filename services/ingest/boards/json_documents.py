"""What boards answer in JSON: one document, what lies in it, and what is no document at all.

A price that is no number (NaN, Infinity, one too large for a double) is read as absent, as every number is.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from services.ingest.boards.adapter import Page
from services.ingest.boards.posting import MAX_BODY, NotABoard
from services.ingest.boards.text import plain, unlabelled

_TITLE = re.compile(r"<title[^<>]*>([^<]{1,200})", re.IGNORECASE)

_LONGEST_INT = 18


def document(page: Page, expected: str) -> Any:
    """The JSON of an answer. Raises NotABoard for everything else: nothing, HTML, half a document."""
    if len(page.body) > MAX_BODY:
        raise NotABoard(expected, f"a body of {len(page.body):,} bytes; at most {MAX_BODY:,} are read")
    wide = json.detect_encoding(page.body)
    text = unlabelled(page.body) if wide.startswith("utf-8") else page.body.decode(wide, "replace")
    text = text.removeprefix("\ufeff").strip()
    if not text:
        raise NotABoard(expected, "an empty body")
    if text[0] == "<":
        title = _TITLE.search(text[:20_000])
        raise NotABoard(expected, f"a page titled {plain(title[1])!r}" if title else "a page without a title")
    try:
        return json.loads(
            text, strict=False, parse_constant=lambda _: None, parse_float=_finite, parse_int=_short
        )
    except json.JSONDecodeError as error:
        if error.pos >= len(text) or error.msg.startswith("Unterminated"):
            raise NotABoard(expected, f"JSON that is cut off after {len(text):,} characters") from error
        raise NotABoard(
            expected,
            f"text that is not JSON (line {error.lineno}: {error.msg}), starting {plain(text, 60)!r}",
        ) from error
    except (ValueError, RecursionError) as error:
        raise NotABoard(expected, f"JSON that cannot be read ({type(error).__name__})") from error


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _short(text: str) -> int | None:
    return int(text) if len(text) <= _LONGEST_INT else None


def at(value: Any, *path: str) -> Any:
    """What lies under these names, one in the other; None where something on the way is no object."""
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def listed_at(data: Any, expected: str, *path: str) -> list[Any]:
    """The list under these names. Raises NotABoard with the error that the board answered instead, if it did."""
    found = at(data, *path)
    if isinstance(found, list):
        return found
    said = next(
        (text for name in ("error", "message", "title", "errorCode") if (text := plain(at(data, name)))), None
    )
    errors = at(data, "errors")
    if said is None and isinstance(errors, list) and errors:
        said = (
            plain(errors[0]) or plain(at(errors[0], "title")) or plain(at(errors[0], "detail")) or "unnamed"
        )
    what = f"the error {said!r}" if said else f"JSON without a list {'.'.join(path)}"
    raise NotABoard(expected, what)


def count_at(value: Any) -> int | None:
    """A total as boards write it, 12 or "12"; None if it is neither."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < _LONGEST_INT:
        value = int(value)
    return value if type(value) is int and value >= 0 else None
