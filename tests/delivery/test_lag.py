"""How far groups are behind: asked with connections that never outlive the question."""

import asyncio
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer

from loti_contracts.delivery import lag
from loti_contracts.delivery.broker import Broker
from tests.servers import Kafka


async def test_a_question_that_is_given_up_leaves_no_connection(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks has limited patience: a broker that is slow to let somebody in must not keep what was begun."""
    begun: asyncio.Queue[AIOKafkaConsumer] = asyncio.Queue()

    class Slow(AIOKafkaConsumer):  # type: ignore[misc]
        async def start(self) -> None:
            await super().start()
            await begun.put(self)
            await asyncio.Event().wait()

    monkeypatch.setattr(lag, "AIOKafkaConsumer", Slow)
    asking: asyncio.Task[Any] = asyncio.create_task(lag.lags(Broker(kafka.bootstrap), prefix="nobody."))
    one = await begun.get()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert one._closed
