"""What is asked of GOV.UK Notify's API, call by call, in the words of its own client. For worker threads.

The client hides what went wrong below HTTP behind a status 503 of its own; the cause says whether anything can have been
handed over. What its answers mean is `govuk_notify_answers`.
"""

import ssl
import time
from typing import Any, Final, TypeAlias

import requests
from notifications_python_client.errors import APIError, InvalidResponse
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError

from services.notify.addresses import without_addresses
from services.notify.sending import govuk_notify_answers as answers
from services.notify.sending.outgoing import InDoubt, NotNow, Outcome, Outgoing

Client: TypeAlias = Any
"""A NotificationsAPIClient, whose methods have no types. One thread may use it at a time."""

LEAST: Final = 0.2
"""Seconds: with less left, no request is begun."""


class _NoTimeLeft(Exception):
    """The time for this mail is over before the request was made."""


_ERRORS: Final = (APIError, requests.RequestException, _NoTimeLeft)


def not_asked() -> NotNow:
    """Other mails took all the time that there was. That was no attempt."""
    return NotNow("GOV.UK Notify was not asked: too much else was in hand", wait=LEAST)


class Calls:
    """One client, for one mail, until a moment of `time.monotonic`. `wait_most`: seconds for a day's limit."""

    def __init__(self, client: Client, template: str, *, until: float, wait_most: float) -> None:
        self._client = client
        self._template = template
        self._until = until
        self._wait_most = wait_most

    def hand_over(self, outgoing: Outgoing, body: str, recipient: str, reference: str) -> str | Outcome:
        """One email: its id there, or what came of it."""
        # it refuses a link that is not https, as links are on one's own machine
        one_click = outgoing.unsubscribe if (outgoing.unsubscribe or "").startswith("https://") else None
        try:
            answer = self._in_time().send_email_notification(
                recipient,
                self._template,
                personalisation={"subject": outgoing.letter.subject, "body": body},
                reference=reference,
                one_click_unsubscribe_url=one_click,
            )
        except _ERRORS as error:
            return self._meant(error, recipient)
        return answers.taken(answer) or InDoubt("GOV.UK Notify's answer names no notification")

    def ask(self, reference: str) -> str | NotNow | InDoubt | None:
        """The id of the email that it took under that reference; None where it has none."""
        try:
            listed = self._in_time().get_all_notifications(template_type="email", reference=reference)
            return answers.gone_out(listed)
        except answers.NotUnderstood as error:
            return InDoubt(str(error))
        except _ERRORS as error:
            found = self._meant(error)
            return (
                found if isinstance(found, (NotNow, InDoubt)) else InDoubt("GOV.UK Notify could not be asked")
            )

    def trouble_with_template(self) -> NotNow | None:
        """Why the template cannot be used, or could not be seen; nobody is served then. None where it can."""
        try:
            trouble = answers.template_trouble(self._in_time().get_template(self._template))
        except _ERRORS as error:
            found = self._meant(error)
            return found if isinstance(found, NotNow) else NotNow(found.answer, unreachable=True)
        return None if trouble is None else NotNow(trouble, unreachable=True)

    def _in_time(self) -> Client:
        left = self._until - time.monotonic()
        if left < LEAST:
            raise _NoTimeLeft
        self._client.timeout = (left / 3, left * 2 / 3)
        return self._client

    def _meant(self, error: Exception, recipient: str | None = None) -> Outcome:
        if isinstance(error, _NoTimeLeft):
            return not_asked()
        if (
            isinstance(error, APIError)
            and error.response is not None
            and not isinstance(error, InvalidResponse)
        ):
            return answers.of_error(error.status_code, error.message, recipient, wait_most=self._wait_most)
        cause = error.__cause__ if isinstance(error, APIError) and error.__cause__ else error
        said = without_addresses(f"{type(cause).__name__}: {cause}")
        if _never_left(cause):
            return NotNow(f"GOV.UK Notify was not reached: {said}", unreachable=True)
        return InDoubt(f"GOV.UK Notify gave no answer that can be read: {said}")


def _never_left(error: BaseException) -> bool:
    """Whether the connection was not even made, so that nothing can have been handed over."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = error.args[0].reason if error.args and isinstance(error.args[0], MaxRetryError) else None
    if isinstance(reason, (NewConnectionError, ConnectTimeoutError, ProxyError)):
        return True
    inner = reason.args[0] if reason is not None and reason.args else None
    return isinstance(inner, ssl.SSLCertVerificationError)
