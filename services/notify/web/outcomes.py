"""The page where one of the two who were introduced says what came of it."""

import unicodedata
from typing import Final, cast, get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Outcome, Result
from services.notify.signed_links import Signed
from services.notify.web import matches
from services.notify.web.matches import Heard
from services.notify.web.preferences_form import Problem
from services.notify.web.site import Site, fields, one
from services.notify.web.standing import asked_for, is_news, last_outcome, name_of, outcome_standing

RESULTS: Final[dict[Result, str]] = {
    "hired": "Somebody was hired",
    "mentored": "Mentoring took place",
    "placed": "Somebody took up a placement or secondment",
    "enrolled": "Somebody enrolled in training",
    "advised": "Advice was given",
    "ongoing": "It is still going on",
    "nothing": "Nothing came of it",
}
LONGEST_NOTE: Final = 2_000


def routes(site: Site) -> list[BaseRoute]:
    """GET asks; POST says it."""
    page = _Outcomes(site)
    return [
        Route("/outcome/{token}", page.show, methods=["GET"]),
        Route("/outcome/{token}", page.say, methods=["POST"]),
    ]


class _Outcomes:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def show(self, request: Request) -> Response:
        link = self._site.read("outcome", request)
        async with self._site.pool.acquire() as connection, connection.transaction(readonly=True):
            heard = await self._heard(connection, link)
            if heard is None or not outcome_standing(heard.match, link.contact_id).open:
                return self._closed(heard, link)
            known = await matches.outcome_of(connection, heard.match.id)
            last = last_outcome(known, heard.match)
            return await self._page(
                connection,
                heard,
                result=link.choice or (last.result if last else ""),
                note=(last.note if last else None) or "",
                known=RESULTS[last.result] if last else None,
            )

    async def say(self, request: Request) -> Response:
        link = self._site.read("outcome", request)
        said = await fields(request)
        result, note = one(said, "result"), _plain(one(said, "note"))
        async with self._site.pool.acquire() as connection, connection.transaction():
            heard = await self._heard(connection, link, to_answer=True)
            if heard is None or not outcome_standing(heard.match, link.contact_id).open:
                return self._closed(heard, link)
            if problems := _problems(result, note):
                return await self._page(connection, heard, result=result, note=note, problems=problems)
            known = await matches.outcome_of(connection, heard.match.id)
            news = is_news(known, heard.match, result, note or None)
            if news:
                outcome = Outcome(
                    id=heard.match.id,
                    revision=known.revision + 1,
                    result=cast(Result, result),
                    note=note or None,
                    stated_at=self._site.clock(),
                )
                await matches.say_outcome(connection, outcome, heard)
        return self._site.note(
            "Thank you" if news else "We have that already",
            f"{RESULTS[cast(Result, result)]}."
            + (" We ask again later how it went." if result == "ongoing" else ""),
            "If anything changes, open the link from your email again and tell us.",
        )

    async def _heard(self, tx: Connection, link: Signed, *, to_answer: bool = False) -> Heard | None:
        """The match, unless whoever followed the link is erased."""
        heard = await matches.load(tx, link.about or "", to_answer=to_answer)
        return heard if await self._site.known(tx, link) else None

    async def _page(
        self,
        tx: Connection,
        heard: Heard,
        *,
        result: str,
        note: str,
        known: str | None = None,
        problems: tuple[Problem, ...] = (),
    ) -> Response:
        accepted = heard.match.accepted
        assert accepted is not None  # noqa: S101 - what `outcome_standing` lets through
        people = await matches.people(tx, [accepted.contact_id])
        return self._site.page(
            "What came of it?",
            "outcome.html.j2",
            status=422 if problems else 200,
            asked_for=asked_for(heard.match),
            supporter=name_of(accepted, people),
            results=RESULTS,
            result=result,
            note=note,
            known=known,
            problems=problems,
        )

    def _closed(self, heard: Heard | None, link: Signed) -> Response:
        if heard is None:
            words = ("It may have been removed.",)
            return self._site.note("We know nothing of this introduction", *words, status=404)
        standing = outcome_standing(heard.match, link.contact_id)
        return self._site.note(standing.title, *standing.words, ways=(self._site.write_to_us,))


def _plain(text: str) -> str:
    """The note without what cannot be seen, its lines kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character
        for character in lines
        if character == "\n" or unicodedata.category(character) not in ("Cc", "Cs")
    ).strip()


def _problems(result: str, note: str) -> tuple[Problem, ...]:
    found = []
    if result not in get_args(Result):
        found.append(Problem("result", "Choose what came of it"))
    if len(note) > LONGEST_NOTE:
        found.append(
            Problem("note", f"The note must be {LONGEST_NOTE:,} characters or fewer; it has {len(note):,}")
        )
    return tuple(found)
