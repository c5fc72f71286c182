"""What somebody can download of itself."""

import json

from loti_contracts.events import ContactStated, RequestStated, SupporterStated
from tests.portal.help.making import world as help_world
from tests.portal.own.making import told
from tests.portal.portal import Portal
from tests.portal.signin.making import contact


async def test_everything_that_is_held_and_nobody_elses(portal: Portal) -> None:
    """The download has who one is, what one said and was told, and what one did; no other person's name, address or words."""
    everybody = list(help_world())
    await portal.hears(*everybody, ContactStated(contact=contact()), told(1))
    asked = next(one for one in everybody if isinstance(one, RequestStated) and one.request.note)
    mine = asked.request.model_copy(
        update={"id": "request-mine", "contact_id": "contact-amara", "note": "Mine alone."}
    )
    await portal.hears(RequestStated(request=mine))
    await portal.as_contact("contact-amara")
    answer = await portal.get("/me/data")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["content-disposition"] == 'attachment; filename="what-we-hold-on-you.json"'
    assert answer.headers["cache-control"] == "private, no-store"
    held = json.loads(answer.text)
    assert held["who you are to us"][0]["email"] == "amara@example.org"
    assert [one["note"] for one in held["what you asked help for"]] == ["Mine alone."]
    assert held["what you were told"][0]["id"] == "told-1"
    assert held["since when you are signed in"]
    others = [one.contact for one in everybody if isinstance(one, ContactStated)]
    assert others
    assert not [one.name for one in others if one.name in answer.text or one.email in answer.text]
    notes = [one.request.note for one in everybody if isinstance(one, RequestStated) and one.request.note]
    assert not [note for note in notes if note in answer.text]
    assert not [
        one
        for one in everybody
        if isinstance(one, SupporterStated) and f'"{one.supporter.id}"' in answer.text
    ]


async def test_who_is_not_signed_in_gets_nothing(portal: Portal) -> None:
    """The address leads to the sign-in, and back."""
    answer = await portal.get("/me/data")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fme%2Fdata")
