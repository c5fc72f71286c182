"""What notify is told from outside."""

from typing import Literal

from pydantic import Field, SecretStr

from loti_contracts.delivery.settings import ServiceSettings


class NotifySettings(ServiceSettings):
    """Read from the environment, `LOTI_` before the name: `LOTI_SMTP_HOST=relay.example`."""

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 1025
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    smtp_timeout: float = Field(default=8.0, gt=0, description="For each answer of the relay.")
    sender: str = Field(
        default="talent-exchange@loti.example",
        pattern=r"^[!-?A-~]+@[A-Za-z0-9.-]+$",
        description="The address that mail comes from; replies to it should be read.",
    )
    site_name: str = "Talent Exchange"
    lease: float = Field(
        default=20.0, gt=0, description="After so long in `sending`, a mail is in doubt and sent again."
    )
    send_poll: float = Field(default=1.0, gt=0, description="How often due mail is looked for unasked.")
    retry_first: float = Field(
        default=2.0, gt=0, description="Wait after the first refusal for now; doubles."
    )
    retry_most: float = Field(default=900.0, gt=0, description="The longest of those waits.")
