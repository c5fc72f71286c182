"""Things: what mails tell of, as it is kept. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from loti_contracts.events import (
    Answer,
    Edition,
    LibraryItem,
    Match,
    NovelRole,
    Outcome,
    PaySignal,
    Role,
    SharedDemand,
    SourceState,
    State,
)

ThingKind = Literal[
    "role", "signal", "demand", "novel role", "source", "match", "item", "edition", "answer", "outcome"
]
"""How things are filed. Answers and outcomes are kept for their revisions alone; nobody is told of them."""

Thing: TypeAlias = Role | PaySignal | SharedDemand | NovelRole | SourceState | Match | LibraryItem | Edition

MODELS: Final[Mapping[ThingKind, type[State]]] = MappingProxyType(
    {
        "role": Role,
        "signal": PaySignal,
        "demand": SharedDemand,
        "novel role": NovelRole,
        "source": SourceState,
        "match": Match,
        "item": LibraryItem,
        "edition": Edition,
        "answer": Answer,
        "outcome": Outcome,
    }
)


def kind_of(state: State) -> ThingKind:
    """Under which kind a state is filed. Raises KeyError for one that is no thing."""
    return {model: kind for kind, model in MODELS.items()}[type(state)]


def read(kind: ThingKind, state: str) -> Thing:
    """A thing as it was kept (JSON). Raises ValidationError."""
    found = MODELS[kind].model_validate_json(state)
    assert not isinstance(found, (Answer, Outcome))  # noqa: S101 - nobody is told of them
    return found  # type: ignore[return-value]  # the mapping holds no other models
