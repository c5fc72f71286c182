"""What a traceback, a log or a failed test shows of an object: never the secret that it holds."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from deploy.local.kafka_properties import Guard
from deploy.local.programs import Program
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.settings import ServiceSettings
from services.notify.settings import NotifySettings
from services.portal.settings import PortalSettings
from services.portal.signin.keys import keys_of
from services.webhooks.filters import Filter
from services.webhooks.push.endpoints import Endpoint
from services.webhooks.push.sealing import seals_of
from services.webhooks.settings import WebhooksSettings

SECRET = "hunter2-hunter2-hunter2-hunter2-hunter2"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "settings",
    [ServiceSettings, NotifySettings, PortalSettings, WebhooksSettings],
    ids=lambda one: one.__name__,
)
def test_settings_do_not_show_their_secrets(
    settings: type[ServiceSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every setting whose name speaks of a secret is one that does not show it; a DSN holds a password, too."""
    secret = [
        name
        for name in settings.model_fields
        if any(word in name for word in ("password", "key", "secret", "token"))
    ]
    for name in (name for name in (*secret, "database") if not name.endswith("_file")):
        monkeypatch.setenv(
            f"LOTI_{name.upper()}", f"postgresql://x:{SECRET}@127.0.0.1/x" if name == "database" else SECRET
        )
    found = settings()
    assert SECRET in found.database.get_secret_value()
    assert SECRET not in repr(found)
    assert SECRET not in str(found.model_dump())


@pytest.mark.parametrize(
    "thing",
    [
        Broker("127.0.0.1:9092", "sasl_ssl", "portal", SECRET),
        Guard(Path("broker.pem"), SECRET),
        Program("x", "x", Path("x"), environment={"LOTI_DATABASE": SECRET}),
        Endpoint("team", "https://x", Filter((), ()), SECRET, SECRET, NOW, None, None, None, None),
        keys_of(SECRET),
        seals_of(SECRET),
        SecretStr(SECRET),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_what_holds_a_secret_does_not_show_it(thing: object) -> None:
    """By its own words, and within a list."""
    assert "hunter2" not in f"{thing} {thing!r} {[thing]}"
