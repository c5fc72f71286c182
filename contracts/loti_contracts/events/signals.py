"""Pay signals: what somebody who watches pay should hear of."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, Identifier, Pence, State
from loti_contracts.events.topics import PAY_SIGNALS

SignalKind = Literal["below market", "above market", "benchmark moved", "spans levels"]


class PaySignal(State):
    """One thing worth hearing, and the sentence that says why. The id is made of its cause, so that the same cause
    never has a second id; the revision is always 1.

    `before` and `after` are in pence of the period: for an offer, the percentile that it passes and the offer; for
    a benchmark, its old and new median; for a range over two levels, the two levels' medians.
    """

    kind: SignalKind
    sentence: str
    benchmark_id: Annotated[Identifier, Field(description="The cell it is measured by, as it was before.")]
    standard_role: str
    level: str
    area: Literal["inner", "outer", "london"]
    period: Literal["year", "day"]
    role_id: Annotated[Identifier | None, Field(description="The role that offers it; null for a cell.")] = (
        None
    )
    before: Pence
    after: Pence
    adverts: Annotated[int, Field(ge=0, description="How many other offers it is measured by.")]


class PaySignalRaised(Event):
    """An offer is out of its market, a benchmark moved, or a range spans two levels."""

    type: ClassVar[str] = "london.loti.pay-signal.raised.v1"
    topic: ClassVar[str] = PAY_SIGNALS.name
    about: ClassVar[str] = "signal"
    signal: PaySignal
