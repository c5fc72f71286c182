"""What ingest is told from outside."""

from pathlib import Path

from pydantic import Field, ValidationError, field_validator

from loti_contracts.delivery.settings import ServiceSettings
from services.ingest.fetch import Fetcher
from services.ingest.politeness import Politeness


class IngestSettings(ServiceSettings):
    """Times are in seconds, sizes in bytes."""

    sources: Path = Field(default=Path("sources.yaml"), description="The list of boards.")
    poll_every: float = Field(default=900.0, gt=0, description="How often a board is asked.")
    read_whole_every: float = Field(
        default=6 * 3600.0,
        gt=0,
        description="How often it is read even if its first page says it is unchanged.",
    )
    polls_at_once: int = Field(default=4, ge=1)
    user_agent: str = Field(
        default="TalentExchange/0.1 (LOTI jobs board reader; +https://loti.london)",
        description="Who asks, and where the owner can be reached.",
    )
    host_interval: float = Field(
        default=1.0, ge=0, description="At least so long between requests to one host."
    )
    host_at_once: int = Field(default=2, ge=1, description="Most requests under way to one host.")
    host_rests: bool = Field(
        default=True,
        description="Whether a host that keeps failing is left alone for a while, all its boards.",
    )
    fetch_seconds: float = Field(default=30.0, gt=0)
    board_seconds: float = Field(
        default=1800.0,
        gt=0,
        description="For all pages and adverts of one board; what is left then is not asked, and nothing is closed.",
    )
    fetch_bytes: int = Field(default=20_000_000, gt=0)
    allow_private: bool = Field(
        default=False, description="Whether boards on this machine or network may be read."
    )

    @field_validator("user_agent")
    @classmethod
    def _reachable(cls, told: str) -> str:
        if not any(mark in told for mark in ("http://", "https://", "@")):
            raise ValueError("must name an address, of a page or of mail, where the owner can be reached")
        return told

    def fetcher(self) -> Fetcher:
        """The one client for all boards, as polite as these settings say."""
        return Fetcher(
            user_agent=self.user_agent,
            timeout=self.fetch_seconds,
            max_bytes=self.fetch_bytes,
            allow_private=self.allow_private,
            board_seconds=self.board_seconds,
            politeness=Politeness(
                interval=self.host_interval, at_once=self.host_at_once, rests=self.host_rests
            ),
        )


class SettingsRefused(Exception):
    """A setting cannot be used; the text names it and says why."""


def by_hand() -> IngestSettings:
    """The settings of a command that a person gives. Raises SettingsRefused."""
    try:
        return IngestSettings()
    except ValidationError as error:
        told = (
            f"LOTI_{'_'.join(map(str, one['loc'])).upper()}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors()
        )
        raise SettingsRefused(f"a setting cannot be used: {'; '.join(told)}") from error
