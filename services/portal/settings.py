"""What the portal is told from outside."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from loti_contracts.delivery.settings import ServiceSettings


class PortalSettings(ServiceSettings):
    """Read from the environment, `LOTI_` before the name: `LOTI_PORTAL_URL=https://talent.example`."""

    site_name: str = "Talent Exchange"
    portal_url: str = Field(
        default="http://127.0.0.1:8030",
        pattern=r"^https?://[A-Za-z0-9.:\[\]-]+$",
        description="Where the world reaches the portal; https anywhere but on one's own machine.",
    )
    portal_host: str = "127.0.0.1"
    portal_port: int = Field(default=0, ge=0, le=65535, description="Of its pages; 0: none are served.")
    session_keys: SecretStr = Field(
        default=SecretStr(""),
        description="Keys of 32 characters or more, comma-separated, that sign cookies and sign-in links; the first "
        "signs, all are believed. Without one the service does not start.",
    )
    session_hours: float = Field(default=12.0, gt=0, description="After so long one signs in again.")
    link_minutes: float = Field(default=15.0, gt=0, description="How long a sign-in link can be used.")

    # The relay that sign-in links go through: no secret is ever said on a topic.
    sender: str = Field(default="talent-exchange@loti.example", pattern=r"^[!-?A-~]+@[A-Za-z0-9.-]+$")
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 1025
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    smtp_ca_file: Path | None = None
    smtp_timeout: float = Field(default=8.0, gt=0)

    history_days: int = Field(default=400, ge=1, description="Days for which what people were told is kept.")
    audit_days: int = Field(default=800, ge=1, description="Days for which the audit log is kept.")
