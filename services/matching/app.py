"""Matching, wired: what it hears, and what it does then. Start it with `python -m services.matching.app`."""

from pathlib import Path

from loti_contracts.delivery.process import Service, run
from loti_contracts.events import (
    AnswerStated,
    BenchmarkUpdated,
    NotificationSent,
    OutcomeStated,
    RequestStated,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleReadvertised,
    RoundStated,
    SupporterStated,
)
from loti_contracts.events.topics import (
    ANSWERS,
    BENCHMARKS,
    NOTIFICATIONS,
    OUTCOMES,
    REQUESTS,
    ROLES,
    ROUNDS,
    SUPPORTERS,
)
from services.matching import figures
from services.matching.after_handlers import AfterHandlers
from services.matching.asked_rounds.clock import RoundClock
from services.matching.asked_rounds.handlers import RoundHandlers
from services.matching.clock import Clock
from services.matching.demand.clock import clock
from services.matching.demand.handlers import Demand
from services.matching.demand.settings import DemandSettings
from services.matching.handlers import Handlers
from services.matching.holdings import HOLDINGS
from services.matching.looking import Looking
from services.matching.market_handlers import MarketHandlers
from services.matching.recovery import RECOVERY
from services.matching.settings import MatchingSettings


def service() -> Service:
    """The service, ready to run."""
    settings = MatchingSettings()
    looking = Looking(rules=settings.rules(), unanswered_days=settings.unanswered_days)
    demanding = DemandSettings()
    demand = Demand(rules=demanding.rules())
    people = Handlers(looking, then=(demand.on_request,))
    after = AfterHandlers(looking)
    rounds = RoundHandlers(looking)
    market = MarketHandlers(then=(demand.on_role,))
    return Service(
        name="matching",
        settings=settings,
        hears=(REQUESTS, SUPPORTERS, ANSWERS, OUTCOMES, NOTIFICATIONS, BENCHMARKS, ROLES, ROUNDS),
        on={
            RequestStated: people.on_request_stated,
            SupporterStated: people.on_supporter_stated,
            AnswerStated: people.on_answer_stated,
            OutcomeStated: after.on_outcome_stated,
            NotificationSent: after.on_notification_sent,
            BenchmarkUpdated: market.on_benchmark_updated,
            RoleDiscovered: market.on_role,
            RoleReadvertised: market.on_role,
            RoleChanged: market.on_role,
            RoleClosed: market.on_role,
            RoundStated: rounds.on_round_stated,
        },
        loops=(
            Clock(looking, every=settings.clock_every).loop,
            RoundClock(looking, every=settings.rounds_poll).loop,
            clock(demand, every=demanding.demand_poll),
        ),
        migrations=Path(__file__).parent / "migrations",
        holdings=HOLDINGS,
        recovery=RECOVERY,
        report=figures.progress,
    )


if __name__ == "__main__":
    run(service())
