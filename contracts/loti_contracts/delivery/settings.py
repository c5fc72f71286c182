"""What every service is told from outside. Each service adds its own."""

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

KafkaSecurity = Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"]


class ServiceSettings(BaseSettings):
    """Read from the environment, `LOTI_` before the name: `LOTI_KAFKA=broker:9092`.

    Every time is in seconds.
    """

    model_config = SettingsConfigDict(env_prefix="LOTI_", extra="ignore")

    kafka: str = Field(default="127.0.0.1:9092", description="Kafka bootstrap servers, comma separated.")
    kafka_security: KafkaSecurity = Field(
        default="plaintext",
        description="sasl_ssl: SCRAM-SHA-512 over TLS. Without `ssl` nothing is encrypted.",
    )
    kafka_user: str | None = None
    kafka_password: SecretStr | None = None
    kafka_ca: Path | None = Field(
        default=None,
        description="Certificates (PEM) that the broker's is checked with; else the machine's own.",
    )
    database: SecretStr = Field(
        default=SecretStr("postgresql://postgres@127.0.0.1:5432/postgres"),
        description="The service's own PostgreSQL database.",
    )
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=0, description="Health and metrics; 0 takes a free port.")
    log_format: str = Field(default="json", pattern="^(json|console)$")
    log_level: str = "INFO"

    otlp_endpoint: str | None = Field(
        default=None,
        validation_alias=AliasChoices("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        description="An OpenTelemetry collector that takes traces over HTTP: http://collector:4318.",
    )
    traces: Path | None = Field(
        default=None,
        description="A folder for traces as JSON Lines, a file a process. Without either, there are none.",
    )

    replication: int = Field(default=1, ge=1, description="Copies of each topic that this service creates.")
    member: str | None = Field(
        default=None,
        description="Stable Kafka group member id. Needed on the light broker alone, which forgets no dead member.",
    )
    batch_size: int = Field(default=500, ge=1, description="Most messages handled in one transaction.")
    hold: float = Field(
        default=1.0,
        description="How long a batch is tried in place before its partition rests and the others go on.",
    )
    bug_attempts: int = Field(
        default=3, ge=1, description="Tries before an unexpected error parks a message."
    )
    breaker_limit: int = Field(default=20, ge=1, description="Parked in a row before the consumer stops.")
    stuck_after: float = Field(
        default=30.0, description="Lag without progress before the consumer reconnects."
    )
    hung_after: float = Field(
        default=120.0,
        ge=1,
        description="A batch that stands at one `await` so long ends the process; a statement may take a minute.",
    )
    frozen_after: float = Field(
        default=60.0, ge=1, description="An event loop that does not turn for so long ends the process."
    )
    drain: float = Field(default=15.0, description="How long a stop waits for what is in flight.")
    relay_batch: int = Field(default=2_000, ge=1, description="Most events in one Kafka transaction.")
    relay_poll: float = Field(default=1.0, description="How often the outbox is looked at unasked.")
    inbox_days: int = Field(
        default=90, description="How long event ids are remembered; older ones fall to `revision`."
    )
    dead_letter_days: int = Field(
        default=400, ge=1, description="Days for which a message that was set aside is kept, handled or not."
    )
