"""Grants: what a subscriber or a service may do on the broker. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from loti_contracts.events import TOPICS, Topic

Resource = Literal["topic", "group", "transactional id"]
Operation = Literal["read", "write", "describe", "create"]

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class NotGranted(ValueError):
    """What was asked for cannot be given; the text says why, and what can."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One line of the access control list. `prefixed`: it holds for every name that begins so."""

    resource: Resource
    name: str
    operation: Operation
    prefixed: bool = False


def short(topic: Topic) -> str:
    """`roles` for loti.roles.v1."""
    return topic.name.removeprefix("loti.").rpartition(".")[0]


def public() -> Sequence[Topic]:
    """The topics that a subscriber may be given: those that carry nothing personal."""
    return [topic for topic in TOPICS if not topic.restricted]


def topics_named(names: Iterable[str]) -> list[Topic]:
    """Topics by their full or short names, each once. Raises NotGranted for one that is unknown or restricted."""
    known = {name: topic for topic in TOPICS for name in (topic.name, short(topic))}
    found: dict[str, Topic] = {}
    allowed = ", ".join(short(topic) for topic in public())
    for name in names:
        if name not in known:
            raise NotGranted(f"there is no topic {name!r}; there are {allowed}")
        if known[name].restricted:
            raise NotGranted(
                f"{known[name].name} is about people and is given to no subscriber; there are {allowed}"
            )
        found[known[name].name] = known[name]
    if not found:
        raise NotGranted(f"name at least one topic: {allowed}")
    return list(found.values())


def topics_listed(text: str) -> list[Topic]:
    """The same, as they are typed: `roles, benchmarks`. Raises NotGranted."""
    return topics_named(part.strip() for part in text.split(",") if part.strip())


def checked_name(name: str) -> str:
    """The name, if a subscriber may have it. Raises NotGranted."""
    if not _NAME.fullmatch(name):
        raise NotGranted(
            f"{name!r} cannot be a subscriber's name: lower-case letters, digits and hyphens, 63 at most"
        )
    if name == "admin" or name in services():
        raise NotGranted(f"{name!r} is the name of a part of the system itself; choose another")
    return name


def services() -> Sequence[str]:
    """Everybody who owns or hears a topic, by the table of topics."""
    return sorted({name for topic in TOPICS for name in (topic.owner, *topic.heard_by) if " " not in name})


def of_subscriber(name: str, topics: Iterable[Topic]) -> list[Grant]:
    """To read these topics, in groups of its own: `loti.NAME` and whatever begins with `loti.NAME.`."""
    found = [Grant("topic", topic.name, operation) for topic in topics for operation in ("read", "describe")]
    return sorted([*found, *_groups(name)])


def of_service(name: str) -> list[Grant]:
    """What the table of topics says: to write what it owns and dead letters, to read what it hears, and to make topics."""
    found: list[Grant] = []
    for topic in TOPICS:
        if name in topic.heard_by or "every service" in topic.heard_by:
            found.append(Grant("topic", topic.name, "read"))
        if topic.owner in (name, "every service"):
            found.append(Grant("topic", topic.name, "write"))
        found.append(Grant("topic", topic.name, "create"))
        found.append(Grant("topic", topic.name, "describe"))
    if name == "portal":  # its page of the system shows how far everybody has read
        found.append(Grant("group", "loti.", "describe", prefixed=True))
    found += [
        Grant("transactional id", f"loti-{name}-relay", operation) for operation in ("write", "describe")
    ]
    return sorted([*found, *_groups(name)])


def _groups(name: str) -> list[Grant]:
    return [
        Grant("group", f"loti.{name}", "read"),
        Grant("group", f"loti.{name}.", "read", prefixed=True),
    ]
