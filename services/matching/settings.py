"""What matching is told from outside."""

from typing import Self

from pydantic import Field, model_validator

from loti_contracts.delivery.settings import ServiceSettings
from services.matching.fit import Weights
from services.matching.shortlist import SIZE

_USUAL = Weights()


class MatchingSettings(ServiceSettings):
    """Read from the environment, `LOTI_` before the name: `LOTI_SHORTLIST_SIZE=3`.

    The weights count by their proportions; they need not add up to 1.
    """

    shortlist_size: int = Field(default=SIZE, ge=1, le=100, description="How many supporters are proposed.")
    weight_role_fit: float = Field(default=_USUAL.role_fit, ge=0)
    weight_skill_overlap: float = Field(default=_USUAL.skill_overlap, ge=0)
    weight_availability: float = Field(default=_USUAL.availability, ge=0)
    weight_load_balance: float = Field(default=_USUAL.load_balance, ge=0)

    @model_validator(mode="after")
    def _something_counts(self) -> Self:
        if self.weights() == Weights(0, 0, 0, 0):
            raise ValueError("every LOTI_WEIGHT_… is 0: nobody could be ranked; set at least one above 0")
        return self

    def weights(self) -> Weights:
        """The weights of the parts of a score."""
        return Weights(
            role_fit=self.weight_role_fit,
            skill_overlap=self.weight_skill_overlap,
            availability=self.weight_availability,
            load_balance=self.weight_load_balance,
        )
