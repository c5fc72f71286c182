"""The broker: where it is, and how one is let in."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faststream.security import BaseSecurity, SASLScram512

from loti_contracts.delivery.settings import KafkaSecurity, ServiceSettings


class AccessIncomplete(ValueError):
    """The settings do not say enough to be let in; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Kafka's addresses, and SASL/SCRAM-SHA-512 and TLS where they are wanted. `ca` is a file of certificates in PEM;
    without one the machine's own are believed."""

    servers: str
    security: KafkaSecurity = "plaintext"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: Path | None = None

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Broker":
        """As the settings say. Raises AccessIncomplete."""
        found = cls(
            servers=settings.kafka,
            security=settings.kafka_security,
            user=settings.kafka_user,
            password=settings.kafka_password.get_secret_value() if settings.kafka_password else None,
            ca=settings.kafka_ca,
        )
        if found.signs_in and not (found.user and found.password):
            raise AccessIncomplete(
                f"LOTI_KAFKA_SECURITY={found.security} needs LOTI_KAFKA_USER and LOTI_KAFKA_PASSWORD"
            )
        if found.ca is not None and not found.ca.is_file():
            raise AccessIncomplete(f"LOTI_KAFKA_CA: {found.ca} is no file")
        return found

    @property
    def signs_in(self) -> bool:
        """Whether a name and password are asked for."""
        return self.security.startswith("sasl")

    def client(self) -> dict[str, Any]:
        """The arguments that each aiokafka client takes."""
        found: dict[str, Any] = {
            "bootstrap_servers": self.servers,
            "security_protocol": self.security.upper(),
            "ssl_context": self._tls(),
        }
        if self.signs_in:
            found |= {
                "sasl_mechanism": "SCRAM-SHA-512",
                "sasl_plain_username": self.user,
                "sasl_plain_password": self.password,
            }
        return found

    def faststream(self) -> BaseSecurity | None:
        """The same for FastStream; None for a broker that lets anybody in."""
        if self.security == "plaintext":
            return None
        tls = self._tls()
        if self.signs_in:
            return SASLScram512(
                username=self.user or "",
                password=self.password or "",
                ssl_context=tls,
                use_ssl=tls is not None,
            )
        return BaseSecurity(ssl_context=tls, use_ssl=True)

    def _tls(self) -> ssl.SSLContext | None:
        if not self.security.endswith("ssl"):
            return None
        return ssl.create_default_context(cafile=str(self.ca) if self.ca else None)
