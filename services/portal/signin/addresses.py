"""Addresses: what somebody typed as its email address. Pure."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Final

_ATEXT: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(
    rf"{_ATEXT}(?:\.{_ATEXT})*@(?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]"
)
_LONGEST: Final = 254
_LONGEST_LOCAL: Final = 64


class NotAnAddress(ValueError):
    """No mail can be sent there. The text says what to type."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address that mail can be sent to."""

    email: str

    @property
    def key(self) -> str:
        """The address in one case, as contacts are found by."""
        return self.email.casefold()


def read_address(text: str) -> Address:
    """The address that was typed, with or without `mailto:` and a dot after it. Raises NotAnAddress."""
    typed = text.strip().removeprefix("mailto:").strip("<>.")
    if not typed:
        raise NotAnAddress("Enter your email address")
    if not typed.isascii():
        raise NotAnAddress("Enter an email address in the letters a to z: ours cannot send mail to others")
    if (
        len(typed) > _LONGEST
        or len(typed.rpartition("@")[0]) > _LONGEST_LOCAL
        or not _ADDRESS.fullmatch(typed)
    ):
        raise NotAnAddress("Enter an email address in the correct format, such as name@camden.gov.uk")
    return Address(typed)


def client_of(host: str | None) -> str:
    """Whom we count as one: an IPv4 address, or the network of an IPv6 address (/64, which one household has)."""
    try:
        found = ip_address((host or "").partition("%")[0])
    except ValueError:
        return host or "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return f"{IPv6Address(int(found) >> 64 << 64)}/64"
    return str(found)
