"""What ingest is told from outside."""

from pathlib import Path

from pydantic import Field

from loti_contracts.delivery.settings import ServiceSettings


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
    fetch_bytes: int = Field(default=20_000_000, gt=0)
    allow_private: bool = Field(
        default=False, description="Whether boards on this machine or network may be read."
    )
