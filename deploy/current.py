"""What a compacted topic holds now: the newest state of each of its things."""

from aiokafka import AIOKafkaConsumer, TopicPartition

from loti_contracts.events import Erasure, NotReadable, State, Topic, Unknown, decode


async def current(kafka: str, topic: Topic) -> dict[str, State]:
    """State by id. What was erased is not there; what cannot be read is passed over. Raises KafkaError."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, auto_offset_reset="earliest", isolation_level="read_committed"
    )
    found: dict[str, State] = {}
    try:
        await consumer.start()
        if topic.name not in await consumer.topics():
            return found
        places = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        consumer.assign(places)
        await consumer.seek_to_beginning()
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    _keep(found, record.key, record.value, record.headers)
    finally:
        await consumer.stop()
    return found


def _keep(found: dict[str, State], key: bytes, value: bytes | None, headers: list[tuple[str, bytes]]) -> None:
    try:
        said = decode(key, value, headers)
    except NotReadable:
        return
    if isinstance(said, Unknown):
        return
    if isinstance(said.event, Erasure):
        found.pop(said.subject, None)
        return
    state = said.event.state
    known = found.get(state.id)
    if known is None or known.revision <= state.revision:
        found[state.id] = state
