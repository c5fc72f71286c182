"""What matching does when it hears of roles and of what they pay. The consumer owns the transaction."""

from collections.abc import Sequence

from loti_contracts.delivery.batch import Handler
from loti_contracts.delivery.database import Connection
from loti_contracts.events import (
    BenchmarkUpdated,
    Envelope,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleReadvertised,
)
from services.matching import market, store

AboutRole = RoleDiscovered | RoleReadvertised | RoleChanged | RoleClosed


class MarketHandlers:
    """The handlers of the market; `then` are called after a role that was news, in its transaction."""

    def __init__(self, *, then: Sequence[Handler] = ()) -> None:
        self._then = then

    async def on_benchmark_updated(self, envelope: Envelope[BenchmarkUpdated], tx: Connection) -> None:
        """Keep the benchmark for the shortlists and introductions to come."""
        await market.save_benchmark(tx, envelope.event.benchmark)

    async def on_role(self, envelope: Envelope[AboutRole], tx: Connection) -> None:
        """Know a role as it is now, for the shortlists to come."""
        if self._then:
            await store.one_at_a_time(tx)
        if await market.save_role(tx, envelope.event.role):
            for handle in self._then:
                await handle(envelope, tx)
