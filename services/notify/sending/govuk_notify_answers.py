"""What GOV.UK Notify's answers mean for a mail. Pure.

Its documentation asks to go by the status and the type of an error, never by the words, which change; the one exception
here is the field name that a ValidationError begins with. (docs.notifications.service.gov.uk: Error messages.)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from services.notify.addresses import without_addresses
from services.notify.sending.outgoing import Accepted, InDoubt, NotNow, Outcome, Refused

LARGEST: Final = 2_000_000
"""Bytes of an email, with its template."""
_ROOM: Final = 10_000
"""Bytes left for the template's own words."""

_GONE_OUT: Final = frozenset(
    {"created", "sending", "pending", "delivered", "permanent-failure", "temporary-failure"}
)
"""Statuses of an email that it has taken over. What came of it afterwards is a receipt's to say. `technical-failure` is
not among them: that email was never sent."""
_REFERENCE = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.([0-9a-f]{12}))?")


class NotUnderstood(ValueError):
    """An answer that is not what the API says it gives."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Which mail, and of a mail to two, to which of them (`tag`)."""

    mail_id: UUID
    tag: str | None


def reference(mail_id: UUID, recipient: str, *, shared: bool) -> str:
    """What a sending is known by: the mail's id, and for one of two recipients a tag that follows from its address.

    The same on every attempt; it holds no address.
    """
    return f"{mail_id}.{tag(mail_id, recipient)}" if shared else str(mail_id)


def tag(mail_id: UUID, recipient: str) -> str:
    """Tells the recipients of one mail apart."""
    return sha256(mail_id.bytes + recipient.casefold().encode()).hexdigest()[:12]


def read_reference(text: str) -> Reference | None:
    """Back from a receipt; None for what is none of ours."""
    found = _REFERENCE.fullmatch(text.strip().lower())
    return Reference(UUID(found[1]), found[2]) if found else None


def taken(answer: Any) -> str | None:
    """Its id of an email that it took; None where the answer is no such thing."""
    id_ = answer.get("id") if isinstance(answer, Mapping) else None
    return id_ if isinstance(id_, str) and re.fullmatch(r"[0-9A-Za-z-]{1,64}", id_) else None


def accepted(ids: Sequence[str]) -> Accepted:
    """It took the mail; its ids are kept, since receipts name them."""
    return Accepted(f"GOV.UK Notify took it as {' and '.join(ids)}")


def gone_out(listed: Any) -> str | None:
    """Of the emails listed under a reference, the id of one that it took over; None where there is none.

    Raises NotUnderstood for what is no such list.
    """
    found = listed.get("notifications") if isinstance(listed, Mapping) else None
    if not isinstance(found, list):
        raise NotUnderstood("GOV.UK Notify's list of notifications could not be read")
    for one in found:
        status = one.get("status") if isinstance(one, Mapping) else None
        if isinstance(status, str) and status in _GONE_OUT and (id_ := taken(one)):
            return id_
    return None


def too_large(subject: str, body: str) -> Refused | None:
    """A mail that it would refuse for its size."""
    size = len(subject.encode()) + len(body.encode())
    if size <= LARGEST - _ROOM:
        return None
    return Refused(
        f"the mail has {size} bytes; GOV.UK Notify takes {LARGEST} with its template: make it shorter"
    )


def template_trouble(template: Any) -> str | None:
    """Why a template cannot carry our mails; None where it can."""
    if not isinstance(template, Mapping) or template.get("type") != "email":
        return "the template (LOTI_GOVUK_NOTIFY_TEMPLATE) is none for emails: make one whose subject is ((subject)) and body ((body))"
    for part, placeholder in (("subject", "((subject))"), ("body", "((body))")):
        if placeholder not in "".join(str(template.get(part, "")).lower().split()):
            return f"the {part} of the template (LOTI_GOVUK_NOTIFY_TEMPLATE) has no {placeholder}: put it in"
    return None


def of_error(status: int, errors: Any, recipient: str | None = None, *, wait_most: float) -> Outcome:
    """What an error means. `errors` is the list that the API gives, of objects with `error` and `message`.

    * 400 about the address: it can never be reached. Any other 400 (a key for the team only, trial mode, a template that
      is gone or wants more than we give) is a setting, not the mail's fault: it waits, while it is asked for again.
    * 403, 404 and what is not known: nobody is served until a setting is put right.
    * 429: nobody is served for a while; until the day's limit is lifted, that is a long one.
    * 5xx: nobody knows whether it took the mail.
    """
    kind, message = _first(errors)
    said = without_addresses(f"GOV.UK Notify answered {status} {kind}: {message}")
    if status >= 500:
        return InDoubt(said)
    if status == 429:
        return NotNow(said, wait=wait_most if kind == "TooManyRequestsError" else min(15.0, wait_most))
    if (
        status == 400
        and kind in ("ValidationError", "InvalidEmailError")
        and message.lstrip("' \"").startswith("email_address")
    ):
        return Refused(said, undeliverable=(recipient,) if recipient else ())
    return NotNow(said, unreachable=status != 400)


def _first(errors: Any) -> tuple[str, str]:
    if isinstance(errors, list) and errors and isinstance(errors[0], Mapping):
        return str(errors[0].get("error", "error")), str(errors[0].get("message", ""))
    return "error", str(errors)[:500]
