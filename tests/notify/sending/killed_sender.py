"""Senders to be killed: `python -m tests.notify.sending.killed_sender`, settings from the environment.

It reads lines: each starts a sender in a process of its own (a fork of this one, so that it sends within milliseconds) and
prints its process id. When its input ends it ends.
"""

import asyncio
import os
import signal
import sys

from loti_contracts.delivery.database import open_pool
from loti_contracts.delivery.logs import set_up_logs
from services.notify.sending.handing_over import Delivery
from services.notify.sending.pool import SmtpPool
from services.notify.sending.sender import Sending
from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks


async def send() -> None:
    """Send until killed."""
    settings = NotifySettings()
    delivery = Delivery(settings, SignedLinks(settings), SmtpPool(settings))
    async with await open_pool(settings.database.get_secret_value()) as pool:
        await Sending(settings, pool, asyncio.Event(), delivery, ()).run()


def main() -> None:
    """Fork a sender for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who is killed is not waited for
    set_up_logs("notify", form="json", level="CRITICAL")
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            asyncio.run(send())
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
