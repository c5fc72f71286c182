"""What demand is told from outside."""

from datetime import timedelta

from pydantic import Field

from loti_contracts.delivery.settings import ServiceSettings
from services.matching.demand.rules import Rules

_USUAL = Rules()


class DemandSettings(ServiceSettings):
    """Read from the environment, `LOTI_` before the name: `LOTI_DEMAND_BOROUGHS=5`. Times are in days."""

    demand_boroughs: int = Field(
        default=_USUAL.least, ge=2, le=33, description="From so many boroughs on, demand is shared."
    )
    demand_window: int = Field(
        default=_USUAL.window.days,
        ge=1,
        le=1_000,
        description="How long an advert counts after it closed, and a request after it was stated.",
    )
    demand_usual_share: float = Field(
        default=_USUAL.usual_share, gt=0, lt=1, description="This part of adverts closes in the usual time."
    )
    demand_usual_least: int = Field(
        default=_USUAL.usual_least, ge=1, description="From so few adverts on, a usual time is told."
    )
    demand_settling: int = Field(
        default=_USUAL.settling.days,
        ge=0,
        description="How long titles are heard before a new combination of known words is called novel.",
    )
    demand_poll: float = Field(
        default=30.0, gt=0, description="Seconds between looks at what time alone has changed."
    )

    def rules(self) -> Rules:
        """The rules as they were set."""
        return Rules(
            least=self.demand_boroughs,
            window=timedelta(days=self.demand_window),
            usual_share=self.demand_usual_share,
            usual_least=self.demand_usual_least,
            settling=timedelta(days=self.demand_settling),
        )
