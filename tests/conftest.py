"""Fixtures that every test may ask for, and how hard hypothesis tries."""

from hypothesis import HealthCheck, settings

from tests.servers import _say, kafka, own_kafka, own_postgres, postgres

settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("suite")

__all__ = ["_say", "kafka", "own_kafka", "own_postgres", "postgres"]
