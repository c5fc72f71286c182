"""The return path says which mail came back, and nobody else can make one."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from services.notify.reports import return_path
from services.notify.settings import NotifySettings
from tests.notify.reports.came_back import KEY, MAIL, SETTINGS, path_of

OTHER = "o" * 32


@given(st.uuids(), st.sampled_from([str.lower, str.upper, str.title]))
def test_there_and_back(mail_id: UUID, change: object) -> None:
    """Every mail's path names it, whatever a mail system did to its case, among other words; SMTP can carry it."""
    path = path_of(mail_id)
    assert len(path.partition("@")[0]) <= 64
    texts = ["", f"smtp.mailfrom={change(path)};"]  # type: ignore[operator]
    assert return_path.read(texts, [KEY]) == return_path.Returned(mail_id)


@given(st.uuids(), st.integers(0, 10_000), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_nobody_else_can(mail_id: UUID, at: int, letter: str) -> None:
    """With one letter of id or signature changed it is a forgery."""
    path = path_of(mail_id)
    start, end = path.index("+") + 1, path.index("@")
    place = start + at % (end - start)
    if path[place] in (letter, "."):
        return
    found = return_path.read([path[:place] + letter + path[place + 1 :]], [KEY])
    assert found.about is None


def test_keys_are_replaced() -> None:
    """A new key signs, an old one is believed until it is taken away."""
    settings = SETTINGS.model_copy(update={"link_keys": SecretStr(f"{OTHER}, {KEY}")})
    assert return_path.return_path(settings, MAIL) == path_of(key=OTHER)
    for signed_with in (OTHER, KEY):
        assert return_path.read([path_of(key=signed_with)], return_path.keys_of(settings)).about == MAIL
    assert return_path.read([path_of(key=KEY)], [OTHER]) == return_path.Returned(None, forged=True)


def test_without_an_address_of_its_own() -> None:
    """Where bounces have no address of their own they come back to the sender, unsigned."""
    settings = NotifySettings(link_keys=SecretStr(KEY), bounce_address=None)
    assert return_path.return_path(settings, MAIL) == settings.sender


def test_what_cannot_be_signed() -> None:
    """No key, or no room, is said with what to do about it."""
    for change, word in (
        ({"link_keys": SecretStr("")}, "LOTI_LINK_KEYS"),
        ({"bounce_address": "returned-by-mail-systems@loti.example"}, "LOTI_BOUNCE_ADDRESS"),
    ):
        with pytest.raises(ValueError, match=word):
            return_path.return_path(SETTINGS.model_copy(update=change), MAIL)
