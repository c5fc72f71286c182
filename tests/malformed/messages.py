"""Malformed messages on Kafka: what each service makes of each. Through the real handling, on a real database."""

import json
import logging
from collections.abc import Sequence
from itertools import count
from random import Random
from typing import Any

from loti_contracts.delivery.batch import Held
from loti_contracts.delivery.parking import Received
from loti_contracts.events import NotReadable, Unknown, decode
from tests.malformed.damage import SCRAPS, as_json, damaged_bytes, damaged_value
from tests.malformed.outcomes import Boundary, Outcome, crashed
from tests.malformed.worlds import Hearing, Message, examples


def boundaries(hearing: Sequence[Hearing]) -> list[Boundary]:
    """One of each service."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    return [Boundary(f"Kafka to {one.service.name}", 5, _sending(one)) for one in hearing]


def _sending(to: Hearing) -> Any:
    offsets = count(1_000)  # its own: what one boundary is sent does not depend on which others are asked for

    async def send(chance: Random) -> tuple[Outcome, bytes]:
        own = chance.random() < 0.95
        message = malformed(chance.choice(to.examples() if own else examples()), chance, next(offsets))
        shown = repr((message.topic, message.key, message.value, message.headers[:4])).encode()
        return await outcome(to, message), shown

    return send


async def outcome(to: Hearing, message: Received) -> Outcome:
    """What came of a message that the service was handed."""
    try:
        await to.handling.process([message])
    except Held as error:
        return Outcome("crashed", f"held for ever: {error}")
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return crashed(error)
    why = await to.parked(message)
    if why is not None:
        if not why.strip():
            return Outcome("crashed", "parked without a reason")
        return Outcome("unexpected" if why.startswith("unexpected ") else "parked", why)
    try:
        read = decode(message.key, message.value, message.headers)
    except NotReadable as error:
        return Outcome("crashed", f"neither handled nor parked: {error}")
    known = not isinstance(read, Unknown) and type(read.event) in to.handling.handles
    return Outcome("taken" if known else "passed over")


def malformed(one: Message, chance: Random, offset: int) -> Received:
    """The example as something newer than what is known, with something wrong in its value, key or headers."""
    headers = {**one.headers, "ce_id": f"malformed-{offset}-{chance.random()}"}
    value = newer(one.value, offset) if chance.random() < 0.8 else one.value
    key: bytes | None = one.key.encode()
    body = None if value is None else as_json(value)
    listed = [(name, text.encode()) for name, text in headers.items()]
    match chance.randrange(10):
        case 0 | 1:
            body = damaged_bytes(body or b"{}", chance)
        case 2:
            listed = _damaged_headers(listed, chance)
        case 3:
            key = chance.choice((None, b"", b"\xff", b"\x00", b"x" * 5_000, damaged_bytes(key, chance)))
        case 4 if value is not None:  # about something else, and the key says so too
            key = chance.choice((b"a\x00b", "ü".encode() * 99, b"x" * 201, b" ", b"other", b"../x", b"-"))
            body = as_json(_about(value, key.decode()))
        case _:
            body = damaged_bytes(b"{}", chance) if value is None else as_json(damaged_value(value, chance))
    return Received(one.topic, 0, offset, 0, key, body, listed)


def newer(value: Any, revision: int) -> Any:
    """The same with a later revision of its state."""
    if not isinstance(value, dict):
        return value
    return {
        name: {**state, "revision": revision} if isinstance(state, dict) and "revision" in state else state
        for name, state in value.items()
    }


def _about(value: Any, id_: str) -> Any:
    return {
        name: {**state, "id": id_} if isinstance(state, dict) and "id" in state else state
        for name, state in json.loads(json.dumps(value)).items()
    }


def _damaged_headers(headers: list[tuple[str, bytes]], chance: Random) -> list[tuple[str, bytes]]:
    place = chance.randrange(len(headers))
    name, text = headers[place]
    match chance.randrange(5):
        case 0:
            return headers[:place] + headers[place + 1 :]
        case 1:
            return [*headers, (name, chance.choice(SCRAPS))]
        case 2:
            return [*headers[:place], (name, chance.choice(SCRAPS)), *headers[place + 1 :]]
        case 3:
            return [
                *headers[:place],
                (chance.choice(("", "CE_TYPE", "x" * 3_000)), text),
                *headers[place + 1 :],
            ]
        case _:
            return [*headers[:place], (name, damaged_bytes(text, chance)), *headers[place + 1 :]]
