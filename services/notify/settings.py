"""What notify is told from outside."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from loti_contracts.delivery.settings import ServiceSettings


class NotifySettings(ServiceSettings):
    """Read from the environment, `LOTI_` before the name: `LOTI_SMTP_HOST=relay.example`."""

    # Who writes, and where the pages behind the links are.
    sender: str = Field(
        default="talent-exchange@loti.example",
        pattern=r"^[!-?A-~]+@[A-Za-z0-9.-]+$",
        description="The address that mail comes from; replies to it should be read.",
    )
    site_name: str = "Talent Exchange"
    public_url: str = Field(
        default="http://127.0.0.1:8027",
        pattern=r"^https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?$",
        description="Where the world reaches this service's pages; https anywhere but on one's own machine.",
    )
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=0, ge=0, le=65535, description="Of those pages; 0: none are served.")
    link_keys: SecretStr = Field(
        default=SecretStr(""),
        description="Keys of 32 characters or more, comma-separated, that sign links; the first signs, all are "
        "believed. Without one the service does not start.",
    )
    allow_private: bool = Field(
        default=False,
        description="Ask private addresses too when a newsletter's links are checked; for local use and tests alone.",
    )

    # SMTP.
    transport: Literal["smtp", "govuk-notify"] = "smtp"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 1025
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    smtp_ca_file: Path | None = Field(
        default=None,
        description="Certificates in PEM that the relay's must come from; without, the system's.",
    )
    smtp_timeout: float = Field(default=8.0, gt=0, description="For each answer of the relay.")
    smtp_connections: int = Field(default=8, ge=1, le=50, description="To the relay, at the same time.")
    bounce_address: str | None = Field(
        default=None,
        pattern=r"^[!-?A-~]{1,14}@[A-Za-z0-9.-]+$",
        description="Where what comes back goes: `bounces@…` is used as `bounces+<mail>.<signature>@…`, for which at "
        "most 14 characters may stand before the @. Without one the sender's address is.",
    )
    dkim_selector: str | None = None
    dkim_key_file: Path | None = Field(default=None, description="A private key in PEM, RSA or Ed25519.")

    # GOV.UK Notify.
    govuk_notify_key: SecretStr | None = None
    govuk_notify_template: str | None = Field(
        default=None, description="The id of a template whose subject is ((subject)) and body ((body))."
    )
    govuk_notify_url: str = "https://api.notifications.service.gov.uk"
    govuk_notify_connections: int = Field(default=4, ge=1, le=50, description="To it, at the same time.")
    govuk_notify_callback: SecretStr | None = Field(
        default=None, description="The bearer token that its delivery receipts carry."
    )

    # How fast, and how often again.
    at_once: int = Field(
        default=100,
        ge=1,
        le=1000,
        description="Mails in hand at the same time, where the relay is quick; so many may be in doubt.",
    )
    per_domain: int = Field(default=4, ge=1, description="Mails to one domain at the same time.")
    rate: int | None = Field(default=None, ge=1, description="Mails in each `rate_seconds` at most.")
    rate_seconds: float = Field(default=60.0, gt=0)
    lease: float = Field(
        default=20.0, gt=0, description="After so long in `sending`, a mail is in doubt and sent again."
    )
    send_poll: float = Field(default=1.0, gt=0, description="How often due mail is looked for unasked.")
    retry_first: float = Field(
        default=2.0, gt=0, description="Wait after the first refusal for now; doubles."
    )
    retry_most: float = Field(default=900.0, gt=0, description="The longest of those waits.")
    retry_days: float = Field(
        default=4.0, gt=0, description="After so many days of refusals for now a mail is given up (RFC 5321)."
    )

    # What readers may count on.
    digest_at: str = Field(default="07:30", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="In London.")
    digest_weekday: int = Field(default=0, ge=0, le=6, description="Of weekly digests; 0 is Monday.")
    most_a_day: int = Field(default=20, ge=1, description="Emails a day to one contact, unless it chose.")
    consent_days: int = Field(default=365, ge=1, description="How long a yes counts.")
    remind_days: int = Field(
        default=30, ge=1, description="So many days before its end it is asked for anew."
    )
    soft_bounces: int = Field(default=5, ge=1, description="So many in a row suppress an address.")
    bounce_mailbox: Path | None = Field(
        default=None, description="A Maildir into which bounces are delivered."
    )
    bounce_poll: float = Field(default=5.0, gt=0, description="How often that is looked into.")
    bounce_key: SecretStr | None = Field(
        default=None, description="The bearer token of whoever posts bounces to /reports."
    )
