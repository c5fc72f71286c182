"""Fixtures that every test may ask for."""

from tests.servers import _say, kafka, own_kafka, own_postgres, postgres

__all__ = ["_say", "kafka", "own_kafka", "own_postgres", "postgres"]
