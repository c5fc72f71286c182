"""Webhooks as a process that can be killed, on a topic of the test's own: `python -m tests.webhooks.pushing_process`, told by
LOTI_TEST_*. It is a static member of its group, so that a new process takes over from a killed one at once.
"""

import os
from dataclasses import replace

from loti_contracts.delivery.process import run
from loti_contracts.events import Topic
from services.webhooks.app import service

if __name__ == "__main__":
    told = {name.removeprefix("LOTI_TEST_"): text for name, text in os.environ.items()}
    topic = Topic(told["TOPIC"], "request id", "test", "a test's own")
    run(replace(service(), name=told["SERVICE"], hears=[topic], migrations=None, speaks=False))
