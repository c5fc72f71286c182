"""What a page answers when an address was typed: the same for every address, before anybody looked whether we know it."""

from typing import Final

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from services.portal.signin.addresses import Address, client_of
from services.portal.signin.asking import Wants, ask
from services.portal.signin.keys import keys_of
from services.portal.web.frame import page
from services.portal.web.site import site_of

SENT: Final = "/sign-in/sent"
_HOUR: Final = "3600"


async def answer_by_mail(
    request: Request, address: Address, *, back_to: str, wants: Wants | None = None, sent: str = SENT
) -> Response:
    """Put it down for the post room, and lead to the page that says to look into the inbox."""
    site = site_of(request)
    found = await ask(
        site.pool,
        keys_of(site.settings.session_keys.get_secret_value()),
        address,
        client=client_of(request.client.host if request.client else None),
        back_to=back_to,
        now=site.now(),
        wants=wants,
    )
    if found != "refuse":
        return RedirectResponse(sent, status_code=303)
    answer = page(request, "signin/too_often.html", title="Too many tries", status=429)
    answer.headers["Retry-After"] = _HOUR
    return answer
