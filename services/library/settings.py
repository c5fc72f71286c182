"""What the library is told from outside."""

from pydantic import Field

from loti_contracts.delivery.settings import ServiceSettings
from services.library.rules import Rules

_USUAL = Rules()


class LibrarySettings(ServiceSettings):
    """Read from the environment, `LOTI_` before the name: `LOTI_EXEMPLAR_MONTHS=12`."""

    exemplar_months: int = Field(
        default=_USUAL.exemplar_months,
        ge=1,
        le=600,
        description="Months after which an exemplar job description is old, counted from its last review.",
    )
    advert_months: int = Field(
        default=_USUAL.advert_months,
        ge=1,
        le=120,
        description="Months for which an advert that has closed still serves to assemble a draft.",
    )
    adverts_most: int = Field(
        default=_USUAL.adverts_most,
        ge=2,
        le=60,
        description="Most adverts that one draft is assembled from; the newest.",
    )
    clock_every: float = Field(
        default=2.0, gt=0, description="How often what is due is looked for, in seconds."
    )

    @property
    def rules(self) -> Rules:
        """The same, as what decides takes it."""
        return Rules(self.exemplar_months, self.advert_months, self.adverts_most)
