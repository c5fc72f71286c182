"""Our own programs as children: each a Python module with its settings, started again when it dies."""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.children import Child, spawn

_ROOT = Path(__file__).resolve().parents[2]
_TOO_OFTEN = 5
_WITHIN = 30.0


class KeepsDying(RuntimeError):
    """A program died again and again; the text shows what it wrote last."""


@dataclass(eq=False)
class Program:
    """One process of ours. `health` is the address of its health page, where it has one."""

    name: str
    module: str
    log: Path
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    health: str | None = None
    child: Child | None = None
    _starts: list[float] = field(default_factory=list)

    async def start(self) -> None:
        """Start it. Raises KeepsDying when it was started too often within half a minute."""
        now = time.monotonic()
        self._starts = [at for at in self._starts if now - at < _WITHIN] + [now]
        if len(self._starts) > _TOO_OFTEN:
            last = self.child.last_lines() if self.child else ""
            raise KeepsDying(
                f"{self.name} died {_TOO_OFTEN} times in {_WITHIN:g} s. The end of {self.log}:\n{last}"
            )
        self.child = await spawn(
            self.name,
            [sys.executable, "-m", self.module, *self.arguments],
            env=dict(self.environment),
            log=self.log,
            cwd=_ROOT,
        )

    @property
    def died(self) -> int | None:
        """Its exit status when it is not running though it was started."""
        return self.child.returncode if self.child else None

    async def stop(self) -> None:
        """End it in good order: what it has in hand is finished first."""
        if self.child is not None:
            await self.child.stop()
