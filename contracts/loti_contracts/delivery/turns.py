"""Turns: a lock of the whole service (`hold_in_turn`), waited for in order. Waiting for one's turn is no work of one's own."""

import time
from collections.abc import Awaitable
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

_waited: ContextVar[float] = ContextVar("waited", default=0.0)


async def in_turn(taking: Awaitable[T]) -> T:
    """What `taking` gives: a query that ends when it is this transaction's turn."""
    began = time.monotonic()
    try:
        return await taking
    finally:
        _waited.set(_waited.get() + time.monotonic() - began)


def begin() -> None:
    """A transaction begins: it has waited for nothing yet."""
    _waited.set(0.0)


def waited() -> float:
    """Seconds that this transaction has waited for its turn."""
    return _waited.get()
