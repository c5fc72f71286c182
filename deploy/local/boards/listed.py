"""How the boards are listed for the ingest service."""

from collections.abc import Collection, Iterable
from typing import Any

from deploy.local.boards.adverts import Board
from deploy.local.boards.faces import FACES

PLAIN = ("rss", "jsonld")


def registered() -> frozenset[str]:
    """The kinds of source that ingest reads, where it is installed beside the boards; else the plain ones."""
    try:
        from services.ingest.boards import KINDS
    except ImportError:
        return frozenset(PLAIN)
    return frozenset(KINDS)


def entry(board: Board, base: str, kinds: Collection[str], *, face: str | None = None) -> dict[str, Any]:
    """A board's entry in a list of sources: under `face`, or its vendor's if that kind is read, else its plain one."""
    kind = face or (board.face if board.face in kinds else board.kind)
    found = {
        "id": board.id,
        "name": board.name,
        "kind": kind,
        "url": address(board, kind, base),
        "authorities": list(board.authorities),
    }
    options = FACES[kind].options_of(board) if kind in FACES else {}
    return found | ({"options": options} if options else {})


def address(board: Board, kind: str, base: str) -> str:
    """Where a board is read as this kind. `base` is the server's address, without a slash at its end."""
    if kind in PLAIN:
        return f"{base}/{board.id}/" + ("feed.xml" if kind == "rss" else "")
    return FACES[kind].url(kind, board, base)


def sources(
    boards: Iterable[Board], base: str, kinds: Collection[str], *, face: str | None = None
) -> list[dict[str, Any]]:
    """Every board once, all under one vendor's `face` if one is named."""
    return [entry(board, base, kinds, face=face) for board in boards]
