"""Addresses: what SMTP can carry, and what a log or a ledger may keep of them. Pure."""

import re
import unicodedata
from email.headerregistry import Address
from functools import lru_cache

import idna

from services.notify.letters.wording import one_line

_ATEXT = "A-Za-z0-9!#$%&'*+/=?^_`{|}~-"
_LOCAL = re.compile(rf"[{_ATEXT}]+(\.[{_ATEXT}]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_ADDRESS_LIKE = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
_LONGEST_ANSWER = 300
_UNSUSPICIOUS_ANSWER = re.compile(r"[!-?A-~]+( [!-?A-~]+)*")  # without @

# Scripts that are written together in one word; any other mixture is made to be mistaken for something else
# (Unicode Technical Standard 39, 5.2, "highly restrictive").
_TOGETHER = (
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "BOPOMOFO"},
    {"LATIN", "CJK", "HANGUL"},
)


class NotDeliverable(ValueError):
    """This mailbox can never be reached by mail; the text says why and does not contain it."""


def mailbox(name: str, address: str) -> Address:
    """A name and address for a header and for the envelope.

    An international domain goes as its A-labels (IDNA 2008), in which no letter looks like another. Letters beyond ASCII
    before the @ stay: the relay is asked whether it can carry them (SMTPUTF8). Raises NotDeliverable.
    """
    if len(address) > 320:
        raise NotDeliverable("the address is longer than mail allows")
    local, at, domain = address.rpartition("@")
    if not at:
        raise NotDeliverable("the address has no @")
    username, domain = _local(local), _domain(domain)
    if len(f"{username}@{domain}".encode()) > 254:
        raise NotDeliverable("the address is longer than mail allows")
    return Address(display_name=one_line(name, 100), username=username, domain=domain)


def without_addresses(answer: str) -> str:
    """A relay's answer as it may be kept: relays like to repeat the address they refuse."""
    if len(answer) <= _LONGEST_ANSWER and _UNSUSPICIOUS_ANSWER.fullmatch(answer):
        return answer
    return one_line(_ADDRESS_LIKE.sub("<address>", one_line(answer, 2_000)), _LONGEST_ANSWER)


def _local(local: str) -> str:
    if local.startswith('"'):
        raise NotDeliverable("the part before the @ is quoted, which many mailboxes cannot take")
    found = local if local.isascii() else unicodedata.normalize("NFC", local)
    if not found.isascii():
        if unicodedata.normalize("NFKC", found) != found or _mixed(found):
            raise NotDeliverable("the address has letters before the @ that look like others")
        if any(unicodedata.category(one)[0] not in "LMN" for one in found if not one.isascii()):
            raise NotDeliverable("the address has signs before the @ that are no letters")
    # What is left of letters beyond ASCII stands where letters may stand.
    plain = found if found.isascii() else "".join(one if one.isascii() else "x" for one in found)
    if not _LOCAL.fullmatch(plain):
        raise NotDeliverable("the address is not one that RFC 5321 allows: see before the @")
    if len(found.encode()) > 64:
        raise NotDeliverable("the part before the @ is longer than mail allows")
    return found


@lru_cache(maxsize=4_096)
def _domain(domain: str) -> str:
    labels = [_label(one) for one in domain.lower().split(".")]
    if len(found := ".".join(labels)) > 253:
        raise NotDeliverable("the domain is longer than mail allows")
    return found


def _label(label: str) -> str:
    if label.isascii() and not label.startswith("xn--"):
        found, shown = label, label
    else:
        try:
            found = idna.alabel(unicodedata.normalize("NFC", label)).decode("ascii")
            shown = idna.ulabel(found)
        except UnicodeError as error:  # idna.IDNAError is one
            raise NotDeliverable("the domain has letters that no domain may have (IDNA 2008)") from error
    if not _LABEL.fullmatch(found):
        raise NotDeliverable("the address is not one that RFC 5321 allows: see after the @")
    if _mixed(shown):
        raise NotDeliverable("the domain has letters of several scripts that look alike")
    return found


def _mixed(text: str) -> bool:
    if text.isascii():
        return False
    letters = [one for one in text if unicodedata.category(one).startswith("L")]
    scripts = {unicodedata.name(one, "?").split(" ")[0].split("-")[0] for one in letters}
    return len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER)
