"""Who may open a page. Pure but for reading who asks."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import Request

from services.portal.signin.visitor import Kind, Visitor
from services.portal.signin.ways import sign_in_path
from services.portal.web.site import visitor_of


class SignInFirst(Exception):
    """Only for those who are signed in; `to` is where one signs in and comes back from."""

    def __init__(self, to: str) -> None:
        super().__init__("only for those who are signed in")
        self.to = to


class NotAllowed(Exception):
    """Signed in, and not of the kind that this page is for. The text says so to the visitor."""


_FOR: Mapping[Kind, str] = {
    "public": "people who are signed in",
    "borough member": "people who work for a London borough",
    "supporter": "people who offer help to boroughs",
    "LOTI staff": "LOTI’s staff",
}


def needs(request: Request, *kinds: Kind) -> Visitor:
    """Who asks, if it is signed in and of one of these kinds (none: whoever is signed in). LOTI's staff may open what
    everybody may.

    Raises SignInFirst for anybody who is not signed in, and NotAllowed for others.
    """
    visitor = visitor_of(request)
    if not visitor.signed_in:
        raise SignInFirst(sign_in_path(_here(request)))
    if kinds and not visitor.may(*kinds):
        raise NotAllowed(f"This page is for {' and '.join(_FOR[kind] for kind in kinds)}.")
    return visitor


def _here(request: Request) -> str:
    """The page to come back to. What a form sent is not sent again: its page is opened where it has one."""
    query = urlencode(request.query_params.multi_items())
    return request.url.path + (f"?{query}" if query else "")
