"""Kafka clients say which test made them: one that is left open is found by the collector in the midst of another test."""

import os
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer


def name_clients() -> None:
    """From now on."""
    for client in (AIOKafkaConsumer, AIOKafkaProducer):
        _name(client)


def _name(client: Any) -> None:
    make = client.__init__

    def made(self: Any, *args: Any, **settings: Any) -> None:
        self.made_in = os.environ.get("PYTEST_CURRENT_TEST", "no test")
        make(self, *args, **settings)

    client.__init__ = made
    client.__repr__ = lambda self: f"<{client.__name__} made in {self.made_in}>"
