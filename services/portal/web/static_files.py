"""The files that pages load: read and compressed once, and named by what is in them, so that a browser keeps each for
good and fetches what has changed. They are built by `npm ci && npm run build` in `assets/`, and committed."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).with_name("static")
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One of them, as it is sent: `packed` is gzip."""

    name: str
    media_type: str
    content: bytes
    packed: bytes


@cache
def files() -> Mapping[str, StaticFile]:
    """By the name in the address: `portal.3f2a9c01b4de.css`."""
    return {file.name: file for file in _read().values()}


def address(name: str) -> str:
    """Where a page finds the file, `portal.css`. Raises KeyError for one that there is not."""
    return f"/static/{_read()[name].name}"


@cache
def _read() -> Mapping[str, StaticFile]:
    """All of them, read once, so that pages and files always agree."""
    found = {}
    for path in sorted(FOLDER.iterdir()):
        if path.suffix in _TYPES:
            content = path.read_bytes()
            name = f"{path.stem}.{sha256(content).hexdigest()[:12]}{path.suffix}"
            packed = gzip.compress(content, 9, mtime=0)
            found[path.name] = StaticFile(name, _TYPES[path.suffix], content, packed)
    return found
