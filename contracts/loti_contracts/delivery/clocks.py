"""The database's clock: one for all processes of a service, whatever is done to the clocks of their machines."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from loti_contracts.delivery.database import Connection


@dataclass(frozen=True, slots=True)
class Clock:
    """What the database's clock showed, carried on by this process's steady one."""

    showed: datetime
    at: float
    """By `time.monotonic`."""

    @classmethod
    async def of(cls, connection: Connection) -> "Clock":
        """Look at the database's clock."""
        before = time.monotonic()
        showed = await connection.fetchval("SELECT clock_timestamp()")
        return cls(showed, (before + time.monotonic()) / 2)

    def now(self) -> datetime:
        """What it shows now, as far as can be known without looking."""
        return self.showed + timedelta(seconds=time.monotonic() - self.at)
