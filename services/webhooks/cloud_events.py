"""An event as others read it: a CloudEvent 1.0 in structured JSON.

Source: CloudEvents JSON event format 1.0.2.
"""

import json
from datetime import UTC, datetime

from loti_contracts.events import Envelope, Event

ONE = "application/cloudevents+json"
MANY = "application/cloudevents-batch+json"
TEST_TYPE = "london.loti.webhook.tested.v1"


def body_of(said: Envelope[Event]) -> str:
    """The whole of it; `data` is the event as its schema says."""
    attributes = {
        "specversion": "1.0",
        "id": said.id,
        "source": said.source,
        "type": said.event.type,
        "subject": said.subject,
        "time": _moment(said.time),
        "datacontenttype": "application/json",
        "correlationid": said.correlation_id,
    }
    if said.causation_id is not None:
        attributes["causationid"] = said.causation_id
    return f'{_json(attributes)[:-1]},"data":{said.event.model_dump_json()}}}'


def test_body(*, id: str, endpoint: str, now: datetime) -> str:
    """An event that says nothing but that the way is open."""
    return _json(
        {
            "specversion": "1.0",
            "id": id,
            "source": "/loti/webhooks",
            "type": TEST_TYPE,
            "subject": endpoint,
            "time": _moment(now),
            "datacontenttype": "application/json",
            "data": {"endpoint": endpoint},
        }
    )


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
