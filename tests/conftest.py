"""Fixtures that every test may ask for, and how hard hypothesis tries."""

import os

from hypothesis import HealthCheck, settings

from tests.servers import _say, kafka, own_kafka, own_postgres, postgres

_UNHURRIED = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
}
settings.register_profile("suite", max_examples=40, derandomize=True, **_UNHURRIED)
settings.register_profile("thorough", max_examples=1_000, **_UNHURRIED)
settings.load_profile(os.environ.get("LOTI_TEST_EXAMPLES", "suite"))

__all__ = ["_say", "kafka", "own_kafka", "own_postgres", "postgres"]
