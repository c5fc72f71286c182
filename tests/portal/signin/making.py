"""Contacts for tests of signing in."""

from typing import Any

from loti_contracts.events import Contact


def contact(**facts: Any) -> Contact:
    """Amara of Hackney, unless said otherwise."""
    usual: dict[str, Any] = {
        "id": "contact-amara",
        "revision": 1,
        "name": "Amara Osei",
        "email": "amara@example.org",
        "organisation": "London Borough of Hackney",
        "borough": "E09000012",
        "roles": ("hiring manager",),
    }
    return Contact(**(usual | facts))
