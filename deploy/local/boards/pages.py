"""The boards as people see them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from deploy.local.boards.adverts import Advert, Board

NOTICE = "Sample board with public facts of real adverts as at August 2026; not the council's own site."


def _day(text: str | None) -> str:
    """`2026-09-03T23:59:00+01:00` as `3 September 2026`."""
    return f"{datetime.fromisoformat(text):%d %B %Y}".lstrip("0") if text else ""


def _script(data: Any) -> Markup:
    """JSON that may stand inside a script element."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))  # noqa: S704  both made harmless just here


_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {"day": _day, "script": _script}
_templates.globals["notice"] = NOTICE


def index_page(
    boards: Sequence[tuple[Board, int, str, str]],
    faces: Sequence[tuple[str, str]],
    faults: Mapping[str, str],
    base: str,
) -> str:
    """All boards, each with the number of its adverts, how ingest reads it and where; an example of
    each face with its address, and the faults that can be asked for."""
    return _templates.get_template("index.html.j2").render(
        boards=boards,
        total=sum(count for _, count, _, _ in boards),
        faces=faces,
        faults=faults,
        base=base,
        blocks=[],
        next_page=None,
        feed=None,
    )


def vendor_page(template: str, board: Board, *, title: str, **facts: Any) -> str:
    """A page with a vendor's own markup; `facts` are what its template names."""
    given: dict[str, Any] = {"blocks": [], "feed": None, "next_page": facts.get("following")}
    return _templates.get_template(f"vendors/{template}.html.j2").render(
        board=board, title=title, **given, **{"alone": None, "following": None, **facts}
    )


def list_page(
    board: Board, adverts: Sequence[Advert], blocks: Sequence[Any], *, total: int, page: int, pages: int
) -> str:
    """One page of a board's list."""
    return _templates.get_template("list.html.j2").render(
        board=board,
        adverts=adverts,
        blocks=blocks,
        total=total,
        page=page,
        pages=pages,
        next_page=f"/{board.id}/?page={page + 1}" if page < pages else None,
        feed=f"/{board.id}/feed.xml" if board.kind == "rss" else None,
    )


def advert_page(board: Board, advert: Advert, blocks: Sequence[Any]) -> str:
    """One advert's own page."""
    return _templates.get_template("advert.html.j2").render(
        board=board, advert=advert, blocks=blocks, next_page=None, feed=None
    )
