"""GOV.UK Notify: the other transport. Its own Python client, in worker threads, of which there are only so many.

A template of ours there has ((subject)) for its subject and ((body)) for its body; a letter's Markdown is the body, since
its words may not be HTML. Every sending carries a reference that follows from the mail, so that doubt is not resolved by
sending again but by asking: `settle` looks for the reference, and a mail to two is asked for before each sending, since
one of the two may have been served already.
"""

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from notifications_python_client.notifications import NotificationsAPIClient

from services.notify.sending import govuk_notify_answers as answers
from services.notify.sending.govuk_notify_calls import Calls, Client, not_asked
from services.notify.sending.limits import Limits
from services.notify.sending.outgoing import InDoubt, NotNow, Outcome, Outgoing, Refused
from services.notify.settings import NotifySettings

_log = structlog.get_logger("govuk_notify")

_Work: TypeAlias = Callable[[Calls], Outcome | None]
_UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

_THERE: Final = ("GOV.UK Notify",)


class NotSetUp(ValueError):
    """The settings for GOV.UK Notify are missing or cannot be right; the text says which and what to do."""


class GovukNotify:
    """Hands mails to GOV.UK Notify. Raises NotSetUp where a setting is missing."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._key = settings.govuk_notify_key.get_secret_value() if settings.govuk_notify_key else ""
        self._template = _set_up(self._key, settings.govuk_notify_template, settings.govuk_notify_url)
        self._workers: ThreadPoolExecutor | None = None
        self._clients: deque[Client] = deque()
        self._template_seen = False
        self._paused_until = 0.0
        self._rate = Limits(
            per_domain=settings.at_once,
            rate=settings.rate,
            rate_seconds=settings.rate_seconds,
            rest_first=settings.retry_first,
            rest_most=settings.retry_most,
        )

    async def send(self, outgoing: Outgoing, *, within: float) -> Outcome:
        """Hand over one mail, to each of its recipients, in at most `within` seconds.

        A mail to two is taken when both were; until then it is due again, and whoever was served is not served twice.
        """
        if (wait := self._rate.begin(_THERE, time.monotonic())) > 0:
            return NotNow("held back here: the rate is used up", wait=wait)
        try:
            found = await self._do(partial(self._send, outgoing), within)
        finally:
            self._rate.end(_THERE, time.monotonic(), rests=None)
        return found if found is not None else InDoubt("GOV.UK Notify gave no answer")

    async def settle(self, outgoing: Outgoing) -> Outcome | None:
        """Whether GOV.UK Notify has the mail: asked by its reference. None where it does not, for one recipient or all:
        then it may be sent again."""
        return await self._do(partial(_settle, outgoing), self._settings.smtp_timeout)

    def paused(self) -> float:
        """Seconds for which nobody is served: it said that a limit of its own is reached, or ours is."""
        now = time.monotonic()
        return max(0.0, self._paused_until - now, self._rate.paused(now))

    async def close(self) -> None:
        """Let go of threads and connections; the next `send` begins anew."""
        if self._workers is not None:
            self._workers.shutdown(wait=False, cancel_futures=True)
            self._workers = None
        while self._clients:
            self._clients.popleft().request_session.close()

    async def _do(self, work: _Work, within: float) -> Outcome | None:
        """That work in a thread, with a client of its own. Time that runs out before a thread was free is no doubt."""
        if self._workers is None:
            self._workers = ThreadPoolExecutor(self._settings.govuk_notify_connections, "govuk-notify")
        waiting = self._workers.submit(self._with_client, work, time.monotonic() + within, self._workers)
        try:
            async with asyncio.timeout(within):
                outcome = await asyncio.wrap_future(waiting)
        except TimeoutError:
            if waiting.cancel():
                return not_asked()
            return InDoubt(f"GOV.UK Notify did not answer in {within:g} s")
        if isinstance(outcome, NotNow) and outcome.wait is not None:
            self._paused_until = max(self._paused_until, time.monotonic() + outcome.wait)
        return outcome

    def _with_client(self, work: _Work, until: float, workers: ThreadPoolExecutor) -> Outcome | None:
        try:
            client: Client = self._clients.popleft()
        except IndexError:
            make: Callable[..., Client] = NotificationsAPIClient
            client = make(self._key, base_url=self._settings.govuk_notify_url)
        try:
            return work(Calls(client, self._template, until=until, wait_most=self._settings.retry_most))
        finally:
            if self._workers is workers:
                self._clients.append(client)
            else:  # closed meanwhile
                client.request_session.close()

    def _send(self, outgoing: Outgoing, calls: Calls) -> Outcome:
        body = outgoing.letter.markdown
        if (refused := answers.too_large(outgoing.letter.subject, body)) is not None:
            return refused
        if not self._template_seen:  # once: a template without our two places would send empty mails
            if (trouble := calls.trouble_with_template()) is not None:
                _log.error("template_cannot_be_used", why=trouble.answer)
                return trouble
            self._template_seen = True
        served: list[str] = []
        for recipient, reference in _references(outgoing):
            found = calls.ask(reference) if len(outgoing.recipients) > 1 else None
            if isinstance(found, InDoubt):
                return NotNow(found.answer)  # it is the asking that is in doubt: this one was not handed over
            taken = found or calls.hand_over(outgoing, body, recipient, reference)
            if not isinstance(taken, str):
                return _after(taken, served)
            served.append(taken)
        return answers.accepted(served)


def _settle(outgoing: Outgoing, calls: Calls) -> Outcome | None:
    ids = []
    for _, reference in _references(outgoing):
        found = calls.ask(reference)
        if not isinstance(found, str):
            return InDoubt(found.answer) if found else None  # could not be asked: so it stays in doubt
        ids.append(found)
    return answers.accepted(ids)


def _references(outgoing: Outgoing) -> list[tuple[str, str]]:
    shared = len(outgoing.recipients) > 1
    return [
        (recipient, answers.reference(outgoing.mail_id, recipient, shared=shared))
        for recipient in outgoing.recipients
    ]


def _after(outcome: Outcome, served: list[str]) -> Outcome:
    """A refusal of the second says that the first was served."""
    if served and isinstance(outcome, Refused):
        return Refused(f"{outcome.answer}; the other was served as {served[0]}", outcome.undeliverable)
    return outcome


def _set_up(key: str, template: str | None, url: str) -> str:
    """The template's id. Raises NotSetUp where it, the key or the API's address cannot be right."""
    if not _is_web(url):
        raise NotSetUp(
            "LOTI_GOVUK_NOTIFY_URL is no web address: leave it out, or give one that begins with https://"
        )
    if not re.fullmatch(rf".+-{_UUID}-{_UUID}", key, re.IGNORECASE):
        raise NotSetUp(
            "LOTI_GOVUK_NOTIFY_KEY is no API key of GOV.UK Notify (a name and two ids joined by dashes): copy it from "
            "its page API integration, API keys"
        )
    try:
        return str(UUID(template or ""))
    except ValueError as error:
        raise NotSetUp(
            "LOTI_GOVUK_NOTIFY_TEMPLATE is no template's id: make an email template in GOV.UK Notify whose subject is "
            "((subject)) and whose body is ((body)), and copy its id"
        ) from error


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
