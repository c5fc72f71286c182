"""Makes the broker's topics what the contract says."""

import asyncio
from collections.abc import Iterable
from typing import Final

import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.topic_settings import renew_settings
from loti_contracts.events import Topic

_log = structlog.get_logger("topics")
_LISTED_WITHIN_SECONDS: Final = 30.0


async def ensure_topics(kafka: str | Broker, topics: Iterable[Topic], *, replication: int) -> list[str]:
    """Create the topics that are missing; the names of those that were. Those with personal data or people's own
    words that are there get the settings by which they can be erased.

    Many processes may do so at once. Raises KafkaError when the broker refuses, TimeoutError when it does not list a
    topic that it says it has.
    """
    broker = Broker(kafka) if isinstance(kafka, str) else kafka
    admin = AIOKafkaAdminClient(**broker.client(), client_id="loti-topics")
    try:
        await admin.start()
        wanted = {topic.name: topic for topic in topics}
        missing = sorted(wanted.keys() - set(await admin.list_topics()))
        # Those that an earlier version made keep what is erased for longer than they may.
        await _renew(admin, [one for one in wanted.values() if one.name not in missing])
        if not missing:
            return []
        answer = await admin.create_topics(
            [
                NewTopic(
                    name=name,
                    num_partitions=wanted[name].partitions,
                    replication_factor=replication,
                    topic_configs=wanted[name].settings(),
                )
                for name in missing
            ]
        )
        made = []
        for name, code, *rest in answer.topic_errors:
            error: type[KafkaError] = for_code(code)
            if not code:
                made.append(name)
            elif error is not TopicAlreadyExistsError:
                raise error(f"cannot create {name}: {rest[0] if rest else ''}")
        # Somebody else made these a moment ago, perhaps of an earlier version; a broker lists a topic a little later
        # than its controller has made it.
        await _renew(admin, [wanted[name] for name in missing if name not in made])
    finally:
        await admin.close()
    _log.info("topics_created", topics=made)
    return made


async def _renew(admin: AIOKafkaAdminClient, topics: Iterable[Topic]) -> None:
    """Renew the settings of those that must forget what is superseded, once the broker lists them."""
    forgetting = [one for one in topics if one.forgets]
    async with asyncio.timeout(_LISTED_WITHIN_SECONDS):
        while not {one.name for one in forgetting} <= set(await admin.list_topics()):  # noqa: ASYNC110 - nobody tells when
            await asyncio.sleep(0.1)
    if forgetting:
        await renew_settings(admin, forgetting)
