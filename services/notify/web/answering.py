"""The page where a borough accepts one of its shortlist, or declines them all."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Answer, Candidate, Match
from services.notify.signed_links import Signed
from services.notify.web import matches
from services.notify.web.matches import Heard
from services.notify.web.preferences_form import Problem
from services.notify.web.site import Fields, Site, fields, one
from services.notify.web.standing import Standing, answer_standing, asked_for, offers

_DECLINE = "decline"
_CHANGED = "The shortlist changed while you were looking at it. This is the new one: please choose again"


def routes(site: Site) -> list[BaseRoute]:
    """GET shows the shortlist; POST says the answer."""
    page = _Answering(site)
    return [
        Route("/answer/{token}", page.show, methods=["GET"]),
        Route("/answer/{token}", page.answer, methods=["POST"]),
    ]


class _Answering:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def show(self, request: Request) -> Response:
        link = self._site.read("answer", request)
        async with self._site.pool.acquire() as connection, connection.transaction(readonly=True):
            heard = await matches.load(connection, link.about or "")
            if await self._site.known(connection, link) is None or heard is None:
                return self._nothing()
            return await self._page(connection, heard, link, chosen=link.choice or _DECLINE)

    async def answer(self, request: Request) -> Response:
        link = self._site.read("answer", request)
        said = await fields(request)
        async with self._site.pool.acquire() as connection, connection.transaction():
            heard = await matches.load(connection, link.about or "", to_answer=True)
            if await self._site.known(connection, link) is None or heard is None:
                return self._nothing()
            known = await matches.answer_to(connection, heard.match.id)
            if not answer_standing(heard.match, known, link.contact_id, {}).open:
                return await self._page(connection, heard, link, chosen="")
            chosen = one(said, "answer")
            if problem := _problem(said, heard.match):
                return await self._page(connection, heard, link, chosen=chosen, problems=(problem,))
            await matches.say_answer(
                connection,
                Answer(
                    id=heard.match.id,
                    revision=known.revision + 1,
                    answer="declined" if chosen == _DECLINE else "accepted",
                    supporter_id=None if chosen == _DECLINE else chosen,
                    stated_at=self._site.clock(),
                ),
                heard,
            )
        return RedirectResponse("?answered=yes", status_code=303)

    async def _page(
        self, tx: Connection, heard: Heard, link: Signed, *, chosen: str, problems: tuple[Problem, ...] = ()
    ) -> Response:
        match = heard.match
        known = await matches.answer_to(tx, match.id)
        people = await matches.people(tx, [candidate.contact_id for candidate in _candidates(match)])
        standing = answer_standing(match, known, link.contact_id, people)
        if not standing.open:
            return self._closed(standing)
        shortlist = offers(match, people)
        return self._site.page(
            "Who should we introduce you to?",
            "answer.html.j2",
            status=422 if problems else 200,
            asked_for=asked_for(match),
            shortlist=shortlist,
            chosen=chosen if chosen == _DECLINE or chosen in [one.supporter_id for one in shortlist] else "",
            gone=link.choice is not None and link.choice not in [one.supporter_id for one in shortlist],
            changed=link.revision != match.revision,
            revision=match.revision,
            problems=problems,
        )

    def _closed(self, standing: Standing) -> Response:
        return self._site.note(standing.title, *standing.words, ways=(self._site.write_to_us,))

    def _nothing(self) -> Response:
        return self._site.note(
            "We know nothing of this request",
            "It may have been removed. Nothing was changed.",
            ways=(self._site.write_to_us,),
            status=404,
        )


def _candidates(match: Match) -> list[Candidate]:
    return [*match.shortlist, *filter(None, [match.accepted])]


def _problem(said: Fields, match: Match) -> Problem | None:
    chosen = one(said, "answer")
    if one(said, "revision") != str(match.revision):
        return Problem("answer", _CHANGED)
    if chosen == _DECLINE or any(candidate.supporter_id == chosen for candidate in match.shortlist):
        return None
    return Problem("answer", "Choose one of them, or that nobody fits")
