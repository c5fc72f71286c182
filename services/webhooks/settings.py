"""What the webhooks service is told from outside."""

from pydantic import Field, SecretStr

from loti_contracts.delivery.settings import ServiceSettings
from services.webhooks.push.schedule import Rules
from services.webhooks.push.sealing import Seals, seals_of


class WebhooksSettings(ServiceSettings):
    """How events are pushed and kept. Times are in seconds where the name says nothing else."""

    events_host: str = "127.0.0.1"
    events_port: int = Field(
        default=0, ge=0, le=65535, description="Where GET /events is served; 0: nowhere."
    )
    events_days: int = Field(
        default=90, ge=1, description="Days for which every event is kept; the newest state always is."
    )
    delivery_days: int = Field(default=30, ge=1, description="Days for which the log of deliveries is kept.")
    webhook_keys: SecretStr = Field(
        default=SecretStr(""),
        description="Keys of 32 characters or more, comma-separated, that seal the endpoints' secrets in the database; "
        "the first seals, all open. Without one the service does not start.",
    )
    webhook_timeout: float = Field(default=15.0, gt=0, le=60, description="For one attempt altogether.")
    webhook_at_once: int = Field(default=4, ge=1, le=50, description="Attempts at one endpoint at a time.")
    disable_after_days: float = Field(
        default=3.0, gt=0, description="Days without any success after which an endpoint is disabled."
    )
    allow_private: bool = Field(
        default=False, description="Reach private addresses too; for local use and tests alone."
    )
    allow_http: bool = Field(default=False, description="Let endpoints have http addresses, for local use.")
    rotation_hours: float = Field(
        default=24.0, gt=0, description="How long both keys sign after a rotation, unless it says otherwise."
    )

    @property
    def rules(self) -> Rules:
        """How an endpoint that fails is treated."""
        return Rules(disable_after_days=self.disable_after_days)

    @property
    def seals(self) -> Seals:
        """What the endpoints' secrets are sealed with. Raises NoKeys."""
        return seals_of(self.webhook_keys.get_secret_value())
