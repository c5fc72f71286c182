"""Kinds: what a person that is signed in may see. Pure."""

from collections.abc import Collection
from typing import Final

from services.portal.signin.domains import boroughs_of
from services.portal.signin.visitor import Kind, Visitor

_ONLY: Final = {"supporter", "newsletter reader"}
"""Roles that somebody can have without working for the borough that stands beside them."""


def visitor(
    contact_id: str,
    *,
    name: str,
    email: str,
    borough: str | None,
    roles: Collection[str],
    supports: bool,
) -> Visitor:
    """Who that contact is on the portal. `email` was proved by the sign-in; `supports`: owns a listed supporter.

    A borough's requests and contributed pay are for those whom it employs: whose address is in one of its domains, or
    whom somebody stated with that borough as more than somebody who helps it.
    """
    domain = boroughs_of(email)
    helps = supports or "supporter" in roles
    found = borough or (domain[0] if len(domain) == 1 else None)
    works_there = found in domain or bool(set(roles) - _ONLY) or not (helps or roles)
    kinds: list[Kind] = ["public"]
    if found is not None and works_there:
        kinds.append("borough member")
    if helps:
        kinds.append("supporter")
    if "LOTI staff" in roles:
        kinds.append("LOTI staff")
    return Visitor(contact_id, name or email, email, found, tuple(kinds))
