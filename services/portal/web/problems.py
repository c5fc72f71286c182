"""What a visitor is told when a page cannot be shown: what happened, and what to do. Programs that ask the API are
told the same as RFC 9457 problem details."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from jinja2 import TemplateError
from starlette.exceptions import HTTPException

from loti_contracts.delivery.database import PASSING, passes
from services.portal.saying.say import Stale
from services.portal.signin.forms import Forged
from services.portal.signin.guard import NotAllowed, SignInFirst
from services.portal.web.frame import page

_log = structlog.get_logger("web")

_WORDS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("That could not be read", "What was sent is not what this page asks for. Go back, and try again."),
    403: ("You may not open this page", "It is for somebody else."),
    404: ("There is no such page", "Check the address. What it led to may have been removed since."),
    405: ("That does not work here", "This address cannot be used in that way. Begin at a page with a form."),
    408: ("That took too long", "What was sent did not arrive in time. Go back, and try again."),
    409: ("This was changed meanwhile", "Go back, look at it as it is now, and try again."),
    413: ("That is too long", "Go back, shorten what you sent, and try again."),
    422: ("That could not be understood", "Go back, look at what you chose, and try again."),
    429: ("Too much at once", "Please wait a minute, and try again."),
    500: (
        "Sorry, something went wrong",
        "It is our fault, and nothing was changed. We are told about it. Please try again later.",
    ),
    503: (
        "Please try again in a few minutes",
        "Something that we need does not answer just now. Nothing was changed.",
    ),
}


def problem(
    request: Request, status: int, *, title: str = "", detail: str = "", errors: Sequence[str] = ()
) -> Response:
    """What went wrong, in words: as a page, or where a program asked as problem+json. `errors`: each fault of what was
    sent, with its place."""
    known_title, known_detail = _WORDS.get(status, ("That did not work", "Go back, and try again."))
    title, detail = title or known_title, detail or known_detail
    if _for_programs(request.url.path):
        body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        if errors:
            body["errors"] = list(errors)
        return JSONResponse(body, status, media_type="application/problem+json")
    return page(request, "web/problem.html", title=title, status=status, detail=detail, errors=errors)


async def _refused(request: Request, error: HTTPException) -> Response:
    """By the framework, or by a page."""
    own = error.detail if error.detail != HTTPStatus(error.status_code).phrase else ""
    answer = problem(request, error.status_code, detail=str(own))
    answer.headers.update(error.headers or {})
    return answer


async def _misunderstood(request: Request, error: RequestValidationError) -> Response:
    """Something in the address or the body has not the type that was asked for."""
    faults = [f"{_place(fault['loc'])}: {fault['msg']}" for fault in error.errors()]
    return problem(
        request, 422, detail="Something in the address is not what this page asks for:", errors=faults[:20]
    )


async def _sign_in_first(_: Request, error: SignInFirst) -> Response:
    return RedirectResponse(error.to, status_code=303)


async def _not_allowed(request: Request, error: NotAllowed) -> Response:
    return problem(request, 403, detail=str(error))


async def _forged(request: Request, _: Forged) -> Response:
    _log.info("form_refused")
    return problem(
        request,
        403,
        title="This form is out of date",
        detail="You signed in or out since you opened it, or your browser keeps no cookies. Nothing was changed. Go "
        "back, reload the page, and send it again.",
    )


async def _stale(request: Request, _: Stale) -> Response:
    return problem(request, 409, detail="Somebody else changed it while you looked at it. Nothing of yours was saved. "
                   "Go back, reload the page, and try again.")  # fmt: skip


def is_outage(error: Exception) -> bool:
    """Whether it passes by itself; a missing template is a file that is missing, and a bug."""
    return passes(error) and not isinstance(error, TemplateError)


def outage(request: Request, error: Exception) -> Response:
    """The database does not answer."""
    _log.warning("page_unavailable", error=type(error).__name__)
    answer = problem(request, 503)
    answer.headers["Retry-After"] = "120"
    return answer


async def _away(request: Request, error: Exception) -> Response:
    if not is_outage(error):
        raise error
    return outage(request, error)


HANDLERS: Final[dict[Any, Any]] = {
    HTTPException: _refused,
    RequestValidationError: _misunderstood,
    SignInFirst: _sign_in_first,
    NotAllowed: _not_allowed,
    Forged: _forged,
    Stale: _stale,
    **dict.fromkeys(PASSING, _away),
}
"""For FastAPI: by exception."""


def _for_programs(path: str) -> bool:
    return path.startswith("/api/") or path.endswith(".json")


def _place(location: Sequence[Any]) -> str:
    return " ".join(str(part) for part in location[1:]) or str(location[0])
