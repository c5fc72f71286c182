"""Makes the broker's topics what the contract says."""

from collections.abc import Iterable

import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.topic_settings import renew_settings
from loti_contracts.events import Topic

_log = structlog.get_logger("topics")


async def ensure_topics(kafka: str | Broker, topics: Iterable[Topic], *, replication: int) -> list[str]:
    """Create the topics that are missing; the names of those that were. Those with personal data that are there get
    the settings by which it can be erased.

    Many processes may do so at once. Raises KafkaError when the broker refuses.
    """
    broker = Broker(kafka) if isinstance(kafka, str) else kafka
    admin = AIOKafkaAdminClient(**broker.client(), client_id="loti-topics")
    try:
        await admin.start()
        wanted = {topic.name: topic for topic in topics}
        missing = sorted(wanted.keys() - set(await admin.list_topics()))
        # Restricted topics of an earlier version keep what is erased for longer than they may.
        await renew_settings(
            admin,
            [one for one in wanted.values() if one.restricted and one.compacted and one.name not in missing],
        )
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
        for name, code, *rest in answer.topic_errors:
            error: type[KafkaError] = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                raise error(f"cannot create {name}: {rest[0] if rest else ''}")
    finally:
        await admin.close()
    _log.info("topics_created", topics=missing)
    return missing
