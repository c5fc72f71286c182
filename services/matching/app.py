"""Matching, wired: what it hears, and what it does then. Start it with `python -m services.matching.app`."""

from pathlib import Path

from loti_contracts.delivery.process import Service, run
from loti_contracts.events import AnswerStated, BenchmarkUpdated, RequestStated, SupporterStated
from loti_contracts.events.topics import ANSWERS, BENCHMARKS, REQUESTS, SUPPORTERS
from services.matching.handlers import Matching
from services.matching.settings import MatchingSettings


def service() -> Service:
    """The service, ready to run."""
    settings = MatchingSettings()
    matching = Matching(weights=settings.weights(), size=settings.shortlist_size)
    return Service(
        name="matching",
        settings=settings,
        hears=(REQUESTS, SUPPORTERS, ANSWERS, BENCHMARKS),
        on={
            RequestStated: matching.on_request_stated,
            SupporterStated: matching.on_supporter_stated,
            AnswerStated: matching.on_answer_stated,
            BenchmarkUpdated: matching.on_benchmark_updated,
        },
        migrations=Path(__file__).parent / "migrations",
    )


if __name__ == "__main__":
    run(service())
