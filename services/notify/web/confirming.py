"""The page where a contact says yes to what was asked, or renews its yes. A GET changes nothing, whoever follows it."""

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.notify.people import choices
from services.notify.people.choice import Choice
from services.notify.people.consent import NotAsked, answers
from services.notify.people.store import Known
from services.notify.signed_links import LinkRefused, Signed
from services.notify.web.chosen import quiet_in_words, topics_chosen
from services.notify.web.forgotten import forgotten
from services.notify.web.frame import Way
from services.notify.web.site import Site


def routes(site: Site) -> list[BaseRoute]:
    """GET shows what will be sent, and a button; POST says yes."""
    page = _Confirming(site)
    return [
        Route("/confirm/{token}", page.show, methods=["GET"]),
        Route("/confirm/{token}", page.confirm, methods=["POST"]),
    ]


class _Confirming:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def show(self, request: Request) -> Response:
        link = self._site.read("confirm", request)
        ask = _ask(link)
        async with self._site.pool.acquire() as connection:
            known = await self._site.known(connection, link)
        if known is None:
            return forgotten(self._site)
        choice = known.choice
        if choice is None or not answers(choice, ask):
            if choice is not None and choice.status == "confirmed":
                return self._said(link, choice, "You have already said yes")
            return self._refused(link, _why_not(known))
        renews = choice.status in ("confirmed", "lapsed")
        return self._site.page(
            "Do you still want these emails?" if renews else "Do you want these emails?",
            "confirm.html.j2",
            lead="Say yes once a year, and they go on."
            if renews
            else "Somebody asked us to send them to you. Nothing is sent until you say yes.",
            button="Yes, go on sending them" if renews else "Yes, send them to me",
            otherwise="If you do not want them, close this page: then they stop by themselves."
            if renews
            else "If you do not want them, close this page: we will not ask you again.",
            **_facts(choice),
        )

    async def confirm(self, request: Request) -> Response:
        link = self._site.read("confirm", request)
        ask = _ask(link)
        async with self._site.pool.acquire() as connection, connection.transaction():
            if await self._site.known(connection, link) is None:
                return forgotten(self._site)
            try:
                said = await choices.confirm(
                    connection,
                    link.contact_id,
                    ask,
                    now=self._site.clock(),
                    terms=choices.terms_of(self._site.settings),
                )
            except NotAsked as error:
                return self._refused(link, str(error))
        return self._said(link, said, "Thank you: you said yes")

    def _said(self, link: Signed, choice: Choice, title: str) -> Response:
        return self._site.page(
            title,
            "confirmed.html.j2",
            preferences=self._site.links.on_from(link, "preferences"),
            **_facts(choice),
        )

    def _refused(self, link: Signed, why: str) -> Response:
        return self._site.note(
            "This link has been used up",
            why,
            "To hear from us, choose what you want and save it.",
            ways=(
                Way("Choose what you hear of", self._site.links.on_from(link, "preferences")),
                self._site.write_to_us,
            ),
            status=409,
        )


def _ask(link: Signed) -> UUID:
    try:
        return UUID(link.about or "")
    except ValueError as error:
        raise LinkRefused("This link is incomplete or damaged.") from error


def _why_not(known: Known) -> str:
    if known.choice is not None and known.choice.status == "withdrawn":
        return "You unsubscribed since this email was sent, so this link asks nothing any more."
    return "This link is not the newest: what it asked for has changed since."


def _facts(choice: Choice) -> dict[str, Any]:
    return {
        "topics": topics_chosen(choice.subscriptions),
        "quiet": quiet_in_words(choice.quiet_hours),
        "most_a_day": choice.most_a_day,
    }
