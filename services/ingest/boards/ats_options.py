"""What an entry in the list of sources may say about a vendor's board, beside its kind and address."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from services.ingest.boards.adapter import Board
from services.ingest.boards.text import clean


@dataclass(frozen=True, slots=True)
class Option:
    """One word that an entry in the list of sources may say; `allowed` describes its values to who writes them."""

    name: str
    allowed: str
    pattern: str = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
    required: bool = True


DETAILS = Option(
    "details", "yes (the default) or no: whether each advert's own page is read for its text", "", False
)


def options_of(board: Board, kind: str, *allowed: Option) -> dict[str, str]:
    """The options of a board's entry, checked. Raises ValueError that names the option and what is allowed."""
    there_are = "; ".join(f"{option.name}: {option.allowed}" for option in allowed) or "none"
    names = {option.name for option in allowed}
    for name in board.options:
        if name not in names:
            raise ValueError(f"{kind}: there is no option {name!r}; allowed are {there_are}")
    told: dict[str, str] = {}
    for option in allowed:
        value = board.options.get(option.name)
        if value is None:
            if option.required:
                raise ValueError(f"{kind}: the option {option.name!r} is missing; it is {option.allowed}")
        elif not option.pattern:
            if not isinstance(value, bool):
                raise ValueError(f"{kind}: the option {option.name!r} must be {option.allowed}")
            told[option.name] = "yes" if value else ""
        else:
            text = value if isinstance(value, str) else str(value) if type(value) is int else ""
            if re.fullmatch(option.pattern, text) is None:
                raise ValueError(f"{kind}: the option {option.name!r} must be {option.allowed}")
            told[option.name] = text
    return told


def endpoint(board: Board, path: str) -> str:
    """The address of an API below the board's address, which may name the API's host or the list itself."""
    parts = urlsplit(board.url)
    base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    return base if base.endswith(path) else base + path


def in_path(text: str) -> str:
    """A vendor's text as one segment of an address."""
    return quote(clean(text), safe="")
