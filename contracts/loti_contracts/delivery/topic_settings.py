"""Brings topics that an earlier version made to the settings by which what is erased leaves the broker's disk."""

from collections.abc import Iterable
from typing import Final

import structlog
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, for_code

from loti_contracts.events import Topic

_log = structlog.get_logger("topics")
_SET_ON_THE_TOPIC: Final = 1  # config source DYNAMIC_TOPIC_CONFIG of Kafka's protocol


async def renew_settings(admin: AIOKafkaAdminClient, topics: Iterable[Topic]) -> list[str]:
    """Give these topics, which exist, their settings where they differ; the names of those that were changed.

    What else an operator set on them stays. Where the broker does not let this service do it, that is logged: the
    service works all the same, and an operator can set them.
    """
    wanted = {topic.name: topic.settings() for topic in topics}
    changed = []
    try:
        described = await admin.describe_configs(
            [ConfigResource(ConfigResourceType.TOPIC, name) for name in sorted(wanted)]
        )
        for code, _, _, name, entries in (one for answer in described for one in answer.resources):
            if code:
                raise for_code(code)(f"cannot read the settings of {name}")
            known = {entry[0]: entry[1] for entry in entries}
            if all(known.get(key) == value for key, value in wanted[name].items()):
                continue
            own = {entry[0]: entry[1] for entry in entries if entry[3] == _SET_ON_THE_TOPIC}
            await _set(admin, name, own | wanted[name])
            changed.append(name)
    except KafkaError as error:
        _log.warning("topic_settings_not_renewed", error=type(error).__name__, detail=str(error)[:200])
    if changed:
        _log.info("topic_settings_renewed", topics=changed)
    return changed


async def _set(admin: AIOKafkaAdminClient, name: str, settings: dict[str, str]) -> None:
    answers = await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs=settings)])
    for code, message, *_ in (one for answer in answers for one in answer.resources):
        if code:
            raise for_code(code)(f"cannot change the settings of {name}: {message}")
