"""Addresses: what SMTP can carry, and what a log or a ledger may keep of them. Pure."""

import re
from email.errors import HeaderParseError
from email.headerregistry import Address

from services.notify.wording import one_line

_ADDRESS_LIKE = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
_LONGEST_ANSWER = 300


class NotDeliverable(ValueError):
    """This mailbox can never be reached by mail; the text says why and does not contain it."""


def mailbox(name: str, address: str) -> Address:
    """A name and address for a header and for the envelope. An international domain goes as IDNA.

    Raises NotDeliverable for what is no address, and for letters beyond ASCII before the @: those need
    SMTPUTF8, which not every relay between here and there has.
    """
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise NotDeliverable("the address has letters before the @ that need SMTPUTF8")
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        found = Address(display_name=one_line(name, 100), addr_spec=f"{local}@{ascii_domain}")
    except (HeaderParseError, ValueError, IndexError) as error:
        raise NotDeliverable("the address is not one that RFC 5322 allows") from error
    if found.addr_spec != f"{local}@{ascii_domain}" or not re.fullmatch(r"[A-Za-z0-9.-]+", found.domain):
        raise NotDeliverable("the address is not one that RFC 5322 allows")
    return found


def without_addresses(answer: str) -> str:
    """A relay's answer as it may be kept: relays like to repeat the address they refuse."""
    return one_line(_ADDRESS_LIKE.sub("<address>", one_line(answer, 2_000)), _LONGEST_ANSWER)
