"""The frame of every page: one look, no script, nothing from elsewhere."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

_NOTIFY = Path(__file__).parent.parent
_FOLDERS = tuple(_NOTIFY / owner / "templates" for owner in ("web", "newsletter", "reports"))
_OWN = (200, 422)
_ALWAYS: dict[str, Any] = {"site_name": "Talent Exchange", "problems": (), "private": True}


@dataclass(frozen=True, slots=True)
class Way:
    """A way on: words that lead to an address."""

    text: str
    url: str


def page(title: str, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page from a template that extends `base.html.j2`; its values are escaped.

    Facts that every page may have: `site_name`; `problems`, what is wrong with a form; `private` (True unless told),
    whether the page is for nobody else: then it is neither kept nor found by search engines; `own`, whether it
    says so.
    """
    given = _ALWAYS | {"own": facts.get("private", True) and status in _OWN} | facts
    css, policy = _style()
    body = _environment().get_template(template).render(title=title, css=Markup(css), **given)  # noqa: S704 - our own file
    headers = {"Content-Security-Policy": policy}
    if not given["private"]:
        headers |= {"Cache-Control": "public, max-age=300", "X-Robots-Tag": "all"}
    return HTMLResponse(body, status_code=status, headers=headers)


def note(
    title: str, *paragraphs: str, ways: Sequence[Way] = (), status: int = 200, **facts: Any
) -> HTMLResponse:
    """A page that only says something, and what can be done next."""
    return page(title, "note.html.j2", status=status, paragraphs=paragraphs, ways=ways, **facts)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDERS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> tuple[str, str]:
    """The style sheet, and the policy that lets it and nothing else in: no script, no frame, no foreign form."""
    css = (_NOTIFY / "web" / "templates" / "page.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(css.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return css, policy
