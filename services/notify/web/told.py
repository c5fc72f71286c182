"""The page where a contact reads what was told to it: what, when, why, because of which event, and what came of it."""

from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.notify.letters.in_words import LONDON, weekday
from services.notify.letters.wording import one_line
from services.notify.sending import ledger
from services.notify.web import matches
from services.notify.web.forgotten import forgotten
from services.notify.web.site import Site
from services.notify.web.topics import notification_name

A_PAGE: Final = 25
_MOST_PAGES: Final = 400

_BECAME: Final = {
    "sent": "Sent",
    "due": "About to be sent",
    "sending": "Being sent just now",
    "held": "Waits to be sent",
    "withheld": "Not sent",
    "refused": "Could not be sent",
    "returned": "Sent, and came back",
}
_ANSWER_OF: Final = {"withheld": "Why not", "held": "Why it waits", "returned": "What came back"}


def routes(site: Site) -> list[BaseRoute]:
    """GET shows the newest; `?page=2` what is older."""

    async def show(request: Request) -> Response:
        link = site.read("ledger", request)
        number = _number(request.query_params.get("page", "1"))
        async with site.pool.acquire() as connection, connection.transaction(readonly=True):
            if await site.known(connection, link) is None:
                return forgotten(site)
            rows = await ledger.entries(connection, contact_id=link.contact_id, most=number * A_PAGE + 1)
            rows, more = rows[(number - 1) * A_PAGE : number * A_PAGE], len(rows) > number * A_PAGE
            titles = await matches.titles(connection, [row["id"] for row in rows])
        return site.page(
            "What we told you",
            "told.html.j2",
            lead="Newest first, with the reason for each." if rows else _nothing(number),
            entries=[_entry(row, titles.get(row["id"])) for row in rows],
            number=number,
            newer=number - 1 if number > 1 else None,
            older=number + 1 if more and number < _MOST_PAGES else None,
            preferences=site.links.on_from(link, "preferences"),
        )

    return [Route("/ledger/{token}", show, methods=["GET"])]


def _number(text: str) -> int:
    return min(max(int(text), 1), _MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _nothing(number: int) -> str:
    return "There is nothing older." if number > 1 else "We have told you nothing yet."


def _entry(row: dict[str, Any], title: str | None) -> dict[str, Any]:
    name = notification_name(row["kind"])
    became, sent = _BECAME[row["status"]], row["sent_at"]
    return {
        "what": f"{name}: {one_line(title, 120)}" if title else name,
        "became": f"{became} on {_moment(sent)}" if sent and row["status"] == "sent" else became,
        "why": one_line(row["why"], 400),
        "due": _moment(row["due_at"]),
        "sent": _moment(sent) if sent else None,
        "answer": one_line(row["answer"], 400) if row["answer"] else None,
        "answer_of": _ANSWER_OF.get(row["status"], "The mail server’s answer"),
        "caused_by": row["caused_by"],
        "mail_id": row["mail_id"],
        "doubts": row["doubts"],
    }


def _moment(moment: datetime) -> str:
    return f"{weekday(moment)}, {moment.astimezone(LONDON):%H:%M}"
