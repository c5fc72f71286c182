"""What matching is told from outside."""

from dataclasses import fields
from typing import Self

from pydantic import Field, model_validator

from loti_contracts.delivery.settings import ServiceSettings
from services.matching.eligibility import FRESH_FOR
from services.matching.fit import Weights
from services.matching.matches import UNANSWERED_DAYS
from services.matching.shortlist import SIZE, Rules

_USUAL = Weights()


class MatchingSettings(ServiceSettings):
    """Read from the environment, `LOTI_` before the name: `LOTI_SHORTLIST_SIZE=3`.

    The weights count by their proportions; they need not add up to 1.
    """

    shortlist_size: int = Field(default=SIZE, ge=1, le=100, description="How many supporters are proposed.")
    availability_months: int = Field(
        default=FRESH_FOR,
        ge=1,
        description="For how long what a supporter states holds, unless it is renewed.",
    )
    unanswered_days: int = Field(
        default=UNANSWERED_DAYS, ge=1, description="After how many days without an answer a shortlist lapses."
    )
    clock_every: float = Field(
        default=60.0, gt=0, description="How often what is due is looked for, in seconds."
    )
    rounds_poll: float = Field(
        default=0.5, gt=0, description="Seconds between looks whether a round waits to be decided."
    )
    weight_role_fit: float = Field(default=_USUAL.role_fit, ge=0)
    weight_skill_overlap: float = Field(default=_USUAL.skill_overlap, ge=0)
    weight_availability: float = Field(default=_USUAL.availability, ge=0)
    weight_track_record: float = Field(default=_USUAL.track_record, ge=0)
    weight_preference: float = Field(default=_USUAL.preference, ge=0)
    weight_load_balance: float = Field(default=_USUAL.load_balance, ge=0)

    @model_validator(mode="after")
    def _something_counts(self) -> Self:
        if not any(getattr(self.weights(), field.name) for field in fields(Weights)):
            raise ValueError("every LOTI_WEIGHT_… is 0: nobody could be ranked; set at least one above 0")
        return self

    def weights(self) -> Weights:
        """The weights of the parts of a score."""
        return Weights(**{field.name: getattr(self, f"weight_{field.name}") for field in fields(Weights)})

    def rules(self) -> Rules:
        """How a shortlist is made."""
        return Rules(self.weights(), self.shortlist_size, self.availability_months)
