"""The page where a contact chooses what it hears of, how often and when; and where it asks to be forgotten."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services.notify.letters.wording import one_line
from services.notify.people import choices, erasure
from services.notify.people.store import Known
from services.notify.signed_links import Signed
from services.notify.web.chosen import masked
from services.notify.web.forgotten import forgotten
from services.notify.web.preferences_form import (
    Chosen,
    Form,
    Problem,
    blank_search,
    offered,
    shown,
    typed,
)
from services.notify.web.preferences_page import groups, notices, search_filters
from services.notify.web.preferences_read import choices_of, read
from services.notify.web.site import Site, fields, one
from services.notify.web.topics import FREQUENCIES, ROLES


def routes(site: Site) -> list[BaseRoute]:
    """GET shows what is chosen; POST saves. Being forgotten has a page of its own, which asks once more."""
    page = _Preferences(site)
    return [
        Route("/preferences/{token}", page.show, methods=["GET"]),
        Route("/preferences/{token}", page.save, methods=["POST"]),
        Route("/preferences/{token}/forget", page.ask_to_forget, methods=["GET"]),
        Route("/preferences/{token}/forget", page.forget, methods=["POST"]),
    ]


class _Preferences:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def show(self, request: Request) -> Response:
        link = self._site.read("preferences", request)
        async with self._site.pool.acquire() as connection:
            known = await self._site.known(connection, link)
        if known is None:
            return forgotten(self._site)
        before = _chosen(known)
        saved = "saved" in request.query_params
        return self._page(known, shown(before, offered(known.contact.roles, before)), link, saved=saved)

    async def save(self, request: Request) -> Response:
        link = self._site.read("preferences", request)
        said = await fields(request)
        async with self._site.pool.acquire() as connection, connection.transaction():
            known = await self._site.known(connection, link)
            if known is None:
                return forgotten(self._site)
            before = _chosen(known)
            topics = offered(known.contact.roles, before)
            form = typed(said, topics)
            if one(said, "more"):
                return self._page(known, blank_search(form), link)
            found = read(form, topics, before)
            if not isinstance(found, Chosen):
                return self._page(known, form, link, problems=found)
            await choices.choose(
                connection,
                link.contact_id,
                subscriptions=found.subscriptions,
                quiet_hours=found.quiet_hours,
                most_a_day=found.most_a_day,
                now=self._site.clock(),
                terms=choices.terms_of(self._site.settings),
                ask=_proved(known, link),
            )
        return RedirectResponse("?saved=yes", status_code=303)

    async def ask_to_forget(self, request: Request) -> Response:
        link = self._site.read("preferences", request)
        async with self._site.pool.acquire() as connection:
            if await self._site.known(connection, link) is None:
                return forgotten(self._site)
        return self._forget_page(link)

    async def forget(self, request: Request) -> Response:
        link = self._site.read("preferences", request)
        if one(await fields(request), "forget") != "yes":
            return self._forget_page(link, status=400)
        async with self._site.pool.acquire() as connection, connection.transaction():
            if await self._site.known(connection, link) is None:
                return forgotten(self._site)
            await erasure.erase_everywhere(connection, link.contact_id, now=self._site.clock())
        return self._site.note(
            "You are forgotten",
            "We deleted your name, your address and what you chose. We send you nothing any more.",
            "Other parts of the Talent Exchange are told to forget you too.",
        )

    def _page(
        self,
        known: Known,
        form: Form,
        link: Signed,
        *,
        problems: tuple[Problem, ...] = (),
        saved: bool = False,
    ) -> Response:
        before, choice, contact, links = _chosen(known), known.choice, known.contact, self._site.links
        return self._site.page(
            "What you hear from us",
            "preferences.html.j2",
            status=422 if problems else 200,
            name=one_line(contact.name),
            masked=masked(contact.email),
            notices=notices(
                choice.status if choice else None,
                choice.renew_by if choice else None,
                known.suppressed,
                saved=saved,
            ),
            problems=problems,
            jobs=ROLES,
            searches=form.searches,
            filters=search_filters(choices_of(before)),
            frequencies=tuple(FREQUENCIES.items()),
            groups=groups(offered(contact.roles, before)),
            chosen=form.frequencies,
            quiet_from=form.quiet_from,
            quiet_until=form.quiet_until,
            weekends=form.weekends,
            most_a_day=form.most_a_day,
            usual_most=self._site.settings.most_a_day,
            ledger=links.on_from(link, "ledger"),
            unsubscribe=links.on_from(link, "unsubscribe"),
            forget=f"{links.on_from(link, 'preferences')}/forget",
        )

    def _forget_page(self, link: Signed, *, status: int = 200) -> Response:
        return self._site.page(
            "Do you want to be forgotten?",
            "forget.html.j2",
            status=status,
            preferences=self._site.links.on_from(link, "preferences"),
        )


def _proved(known: Known, link: Signed) -> UUID | None:
    """The question that waits at a new address, where this link went to that address: who has it, reads mail there."""
    there = known.address_since is not None and link.made_at >= known.address_since
    return known.choice.ask if known.choice and there else None


def _chosen(known: Known) -> Chosen:
    choice = known.choice
    if choice is None:
        return Chosen((), None, None)
    return Chosen(choice.subscriptions, choice.quiet_hours, choice.most_a_day)
