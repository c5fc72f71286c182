"""What it costs to compose a letter, beside what it costs to send it.

    python -m tests.notify.letters.bench_compose [--mails 400] [--rounds 5]

Processor time of this process, in one run and in turns, the least of the rounds (another process can only add to it): composing
each kind of mail (from the things, as they were claimed, to subject, text and HTML; as one of many readers of the same things,
and as the first), making the message of it, handing it to a mail catcher by aiosmtplib's own `sendmail`, and by the service's
pool. What the ledger costs is not in it. The catcher is another process; its time is told beside, a relay's share of sending.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from uuid import UUID

import aiosmtplib

from services.notify.addresses import mailbox
from services.notify.letters import plain_text, render, topics, wording
from services.notify.letters.examples import EXAMPLES
from services.notify.letters.examples_roles import NOW
from services.notify.letters.letter import Letter
from services.notify.letters.topics.told import _passage
from services.notify.mails import Mail
from services.notify.sending.message import Sender, message
from services.notify.sending.outgoing import Accepted, Outgoing
from services.notify.sending.pool import SmtpPool
from services.notify.settings import NotifySettings
from tests.notify.letters.reading import LINKS, letter_of
from tests.notify.sending.catcher import Catcher, catcher

KINDS = ("new-role", "digest", "long-digest", "introduction", "newsletter")
SENDER = Sender("Talent Exchange", "talent-exchange@loti.example")


def bytes_of(mail: Mail, letter: Letter) -> bytes:
    """The message as it is sent."""
    to = [mailbox(one.name, one.email) for one in mail.contacts]
    unsubscribe = LINKS.unsubscribe(mail.contacts[0].id)
    return bytes(message(mail, letter, to, SENDER, NOW, unsubscribe=unsubscribe))


async def costs(kind: str, mails: int, rounds: int, to: Catcher) -> dict[str, float]:
    """Microseconds for each mail, by what is done."""
    mail = EXAMPLES[kind]
    made = bytes_of(mail, letter_of(mail))
    recipients = [one.email for one in mail.contacts]
    pool = SmtpPool(NotifySettings(smtp_port=to.port))
    outgoing = Outgoing(UUID(int=1), SENDER.address, tuple(recipients), made, letter_of(mail))
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=to.port, start_tls=False) as client:

        async def by_aiosmtplib() -> None:
            await client.sendmail(SENDER.address, recipients, made)

        async def by_the_pool() -> None:
            assert isinstance(await pool.send(outgoing, within=30), Accepted)

        least: dict[str, float] = {}
        for _ in range(rounds):
            letter = letter_of(mail)
            found = {
                "first": await microseconds(lambda: _done(for_the_first_time(mail)), mails // 4),
                "compose": await microseconds(lambda: _done(letter_of(mail)), mails),
                "message": await microseconds(lambda letter=letter: _done(bytes_of(mail, letter)), mails),
                "aiosmtplib": await microseconds(by_aiosmtplib, mails),
            }
            before = to.cpu()
            found["pool"] = await microseconds(by_the_pool, mails)
            found["catcher"] = (to.cpu() - before) / mails * 1e6
            least = {name: min(took, least.get(name, took)) for name, took in found.items()}
    await pool.close()
    return least


def for_the_first_time(mail: Mail) -> Letter:
    """With nothing kept of what other readers were told."""
    for kept in (topics._for_all, _passage, render._passage, plain_text.worded, wording.unlinked):
        kept.cache_clear()
    return letter_of(mail)


async def microseconds(do: Callable[[], Awaitable[object]], times: int) -> float:
    """Of processor time, for each."""
    begun = time.process_time()
    for _ in range(times):
        await do()
    return (time.process_time() - begun) / times * 1e6


async def _done(_: object) -> None:
    return None


async def bench(to: Catcher, mails: int, rounds: int) -> None:
    """The table."""
    print(f"{mails} mails of each kind in each of {rounds} rounds; µs of processor time a mail")  # noqa: T201
    for kind in KINDS:
        took = await costs(kind, mails, rounds, to)
        things = len(EXAMPLES[kind].items)
        own, other = took["message"] + took["pool"], took["message"] + took["aiosmtplib"]
        print(  # noqa: T201
            f"{kind:14} {things:3} things: compose {took['compose']:6,.0f} (for the first reader "
            f"{took['first']:6,.0f}), message {took['message']:5,.0f}, "
            f"aiosmtplib {took['aiosmtplib']:5,.0f}, pool {took['pool']:5,.0f}, catcher {took['catcher']:6,.0f}: composing "
            f"is {took['compose'] / own:4.2f} of message and pool, {took['compose'] / other:4.2f} of message and "
            f"aiosmtplib, {took['compose'] / (own + took['catcher']):4.2f} of both ends"
        )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="What composing costs, beside sending.")
    parser.add_argument("--mails", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with catcher() as to:
        asyncio.run(bench(to, given.mails, given.rounds))
        to.stop()


if __name__ == "__main__":
    main()
