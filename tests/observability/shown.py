"""What the services of a running system show and log, held against what an operator counts on."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.settings import SERVICES
from tests.observability.asked import OF_THE_TARGET, Asked, asked
from tests.path.running import Up

OF_PROMETHEUS = {"up"}


async def everything_asked_for_is_shown(up: Up) -> None:
    """Each metric that a query names is shown by a running service, with the labels that the query counts on."""
    shown: dict[str, list[dict[str, str]]] = {}
    async with httpx2.AsyncClient(timeout=5) as client:
        for name in SERVICES:
            page = (await client.get(f"http://127.0.0.1:{up.port(f'{name}-port')}/metrics")).text
            for family in text_string_to_metric_families(page):
                for sample in family.samples:
                    target = {"job": "loti", "instance": name, "service": name}
                    shown.setdefault(sample.name, []).append(target | sample.labels)
    missing = [one for one in asked() if one.metric not in OF_PROMETHEUS and not _is_among(one, shown)]
    assert missing == []


def _is_among(one: Asked, shown: dict[str, list[dict[str, str]]]) -> bool:
    return any(_answers(one, labels) for labels in shown.get(one.metric, ()))


def _answers(one: Asked, labels: dict[str, str]) -> bool:
    return one.labels <= labels.keys() and all(
        re.fullmatch(value, labels[name]) for name, value in one.values
    )


def unknown(asked_for: Iterable[Asked], known: dict[str, frozenset[str]]) -> list[Asked]:
    """Those of which no metric of that name has those labels."""
    return [
        one
        for one in asked_for
        if one.metric not in OF_PROMETHEUS
        and (one.metric not in known or not one.labels <= known[one.metric] | OF_THE_TARGET)
    ]


def each_mail_can_be_followed(up: Up) -> None:
    """One grep for a thread finds the vacancy that ingest found and the mails that notify sent of it, by the logs alone."""
    found = {line["correlation_id"]: line["role_id"] for line in _lines(up, "ingest", "role_discovered")}
    mailed = {thread for line in _lines(up, "notify", "mail_sent") for thread in line["correlation_ids"]}
    assert len(found.keys() & mailed) > 3
    words = "".join(json.dumps(line) for line in _lines(up, "notify", "mail_sent"))
    assert "@" not in words, "no address is logged"


def _lines(up: Up, service: str, event: str) -> Iterator[dict[str, Any]]:
    for line in (up.data / "logs" / f"{service}.log").read_text().splitlines():
        if f'"{event}"' in line and (read := json.loads(line))["event"] == event:
            yield read
