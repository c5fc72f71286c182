"""Effects: what a report leads to, for whom. Pure.

A mail that came back is told of (`returned`). What is more depends on how sure it is that the address we have is dead:
the report must be signed, say a thing of the address itself, and be about a mail that went to that address and to nobody
else. Two whom a mail introduces share its return path, so each could make up a bounce of the other: theirs are
counted, and only several in a row suppress.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from services.notify.addresses import without_addresses
from services.notify.reports.arf import Feedback
from services.notify.reports.dsn import Fate, Weight

_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Addressee:
    """A contact to whom a mail went, and its address of today; None where it was erased. `moved`: the address is another
    one than when the mail left."""

    contact_id: str
    address: str | None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class CameBack:
    """The mail did not reach this contact. `hard`: no mail ever will; `soft`: it is counted."""

    contact_id: str
    weight: Weight
    why: str


@dataclass(frozen=True, slots=True)
class Complained:
    """This contact wants no more mail."""

    contact_id: str
    why: str


Effect: TypeAlias = CameBack | Complained


def effects(says: tuple[Fate, ...] | Feedback, addressees: Sequence[Addressee]) -> list[Effect]:
    """What a signed report leads to; nothing where it says nothing bad, or of nobody that it went to."""
    if isinstance(says, Feedback):
        return _complaint(says, addressees)
    found: dict[str, CameBack] = {}
    for fate in says:
        if fate.weight is None:
            continue
        one, sure = _meant(fate.recipients, addressees)
        if one is not None:
            weight: Weight = fate.weight if sure and len(addressees) == 1 else "soft"
            before = found.get(one.contact_id)
            if before is None or before.weight == "soft":
                found[one.contact_id] = CameBack(one.contact_id, weight, why(fate))
    return list(found.values())


def why(fate: Fate) -> str:
    """Why a mail came back, without addresses: nor is what stands before their @ left in, which mail systems like to
    repeat alone."""
    said = fate.said.partition(";")[2].strip() or fate.said
    said = without_addresses(said[:_LONGEST])
    for local in {recipient.partition("@")[0] for recipient in fate.recipients}:
        said = re.sub(rf"(?<![\w.]){re.escape(local)}(?!\w)", "<address>", said, flags=re.IGNORECASE)
    if said and fate.status and fate.status in said:
        return f"it came back: {said}"
    return f"it came back: {' '.join(filter(None, (fate.status, said))) or 'no reason is given'}"


def noted(says: tuple[Fate, ...] | Feedback) -> str | None:
    """What the ledger notes of a report that anybody could have written; None where it says nothing bad."""
    if isinstance(says, Feedback):
        return "a report that is not signed says that a reader complained" if says.is_complaint else None
    failed = [fate for fate in says if fate.weight is not None]
    return f"a report that is not signed says: {why(failed[0])}" if failed else None


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one: case does not count, and a domain is the same in both its spellings."""
    return _plain(one) == _plain(other)


def _complaint(feedback: Feedback, addressees: Sequence[Addressee]) -> list[Effect]:
    """Providers often leave out who complained: then it is whoever the mail went to, if that is one."""
    if not feedback.is_complaint or len(addressees) != 1:
        return []
    [one] = addressees
    if not _meant(feedback.recipients, addressees)[1]:
        return []
    return [Complained(one.contact_id, f"a reader's complaint came back ({feedback.kind})")]


def _meant(recipients: Iterable[str], addressees: Sequence[Addressee]) -> tuple[Addressee | None, bool]:
    """Whom a report means, and whether it is surely about the address that we have. Of several it must name one; of
    one there is no doubt, but the address may have changed since. (A mail that was forwarded names another address.)"""
    for one in addressees:
        if one.address is not None and any(same_address(named, one.address) for named in recipients):
            return one, True
    if len(addressees) != 1:
        return None, False
    [only] = addressees
    return only, only.address is not None and not only.moved


def _plain(address: str) -> str:
    local, _, domain = address.strip().strip("<>").rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = domain
    return f"{local}@{ascii_domain}".casefold()
