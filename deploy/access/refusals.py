"""What a broker answers when it does not do what was asked."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from kafka.errors import KafkaError


class BrokerRefused(RuntimeError):
    """The broker did not do it; the text says what was asked and what it answered. Nothing was changed by halves."""


@contextlib.contextmanager
def asked(what: str) -> Iterator[None]:
    """Say what was asked when it fails. Raises BrokerRefused."""
    try:
        yield
    except KafkaError as error:
        raise BrokerRefused(f"the broker did not {what}: {said(error)}") from error


def raise_(error: Any) -> None:
    """kafka-python hands back NoError, a class or an instance, where all is well."""
    found: Callable[[], BaseException] | BaseException = error
    failed = found() if isinstance(found, type) else found
    if isinstance(failed, KafkaError) and getattr(failed, "errno", 0) != 0:
        raise failed


def said(error: BaseException) -> str:
    """The error in words."""
    return f"{type(error).__name__.removesuffix('Error')}: {error}" if str(error) else type(error).__name__
