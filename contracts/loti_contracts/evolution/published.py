"""Published: a whole contract, one schema for each event, and what became of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loti_contracts.evolution.changes import NEW, OLD, Change
from loti_contracts.evolution.compare import compare
from loti_contracts.evolution.schema import NotASchema


@dataclass(frozen=True, slots=True)
class Published:
    """The schemas of a contract by the name of their event, such as `london.loti.role.discovered.v1`."""

    schemas: Mapping[str, Any]


def compare_published(old: Published, new: Published) -> dict[str, list[Change]]:
    """Event → its changes; events without any are not in it. Raises NotASchema, which names the event.

    A new event is compatible: whoever does not know a type passes it over. One that is gone breaks both: subscribers
    wait for it, and what is kept of it is read by nobody.
    """
    found: dict[str, list[Change]] = {}
    for name in sorted(old.schemas.keys() | new.schemas.keys()):
        if name not in old.schemas:
            found[name] = [Change("", "the event is new", "readers pass over types that they do not know")]
        elif name not in new.schemas:
            found[name] = [
                Change(
                    "", "the event is gone", "subscribers wait for it; what is kept of it is lost", (OLD, NEW)
                )
            ]
        else:
            try:
                changes = compare(old.schemas[name], new.schemas[name])
            except NotASchema as error:
                raise NotASchema(f"{name}: {error}" if name else str(error)) from error
            if changes:
                found[name] = changes
    return found
