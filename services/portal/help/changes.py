"""Which fields of a state differ from the one before. Pure."""

from loti_contracts.events import State


def changed(before: State | None, after: State) -> tuple[str, ...]:
    """The names of the fields that differ, without the revision; none for a first state."""
    if before is None:
        return ()
    fields = (name for name in type(after).model_fields if name != "revision")
    return tuple(name for name in fields if getattr(before, name) != getattr(after, name))
