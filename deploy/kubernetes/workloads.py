"""Workloads: what each service needs of a cluster, beside what the table of topics says. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from deploy.local.settings import SERVICES
from loti_contracts.events import TOPICS

Reach = Literal["the world", "mail"]
"""Where a service connects to, beside Kafka and its database: public addresses by HTTP, or the mail relay."""

NAMESPACE: Final = "talent-exchange"
HEALTH: Final = 8080


@dataclass(frozen=True, slots=True)
class Workload:
    """One service as a Deployment.

    `pages` is the port of its pages, where people or other systems reach them. `settings` are those that it has of its own,
    by name: what begins with a `$` is the setting of that name in the ConfigMap `settings`. `keys` are entries of its Secret
    beside the database's password. Memory is in MiB: what it is promised, and what it may have at most.
    """

    name: str
    memory: tuple[int, int]
    pages: int | None = None
    reaches: Sequence[Reach] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    lag: int = 1_000
    """Messages behind, for each replica, above which there is to be one more."""

    @property
    def most(self) -> int:
        """Replicas that have something to do: a partition is read by one. Where nothing but replays is heard, two."""
        heard = [topic.partitions for topic in TOPICS if self.name in topic.heard_by]
        return max([2, *heard])

    @property
    def hears(self) -> bool:
        """Whether it grows with what it has not heard yet."""
        return any(self.name in topic.heard_by for topic in TOPICS)


_MAIL: Final = {
    "LOTI_SMTP_HOST": "$SMTP_HOST",
    "LOTI_SMTP_PORT": "$SMTP_PORT",
    "LOTI_SMTP_TLS": "$SMTP_TLS",
    "LOTI_SENDER": "$SENDER",
}

WORKLOADS: Final = (
    Workload("ingest", (256, 768), reaches=("the world",), settings={"LOTI_SOURCES": "/sources/sources.yaml"}),
    Workload("salaries", (192, 512)),
    Workload("matching", (256, 1024)),
    Workload(
        "notify",
        (256, 768),
        pages=8027,
        reaches=("mail", "the world"),
        settings=_MAIL | {"LOTI_PUBLIC_URL": "$PUBLIC_URL", "LOTI_WEB_HOST": "0.0.0.0", "LOTI_WEB_PORT": "8027"},  # noqa: S104 - in a pod
        keys={"LOTI_LINK_KEYS": "link-keys", "LOTI_SMTP_USER": "smtp-user", "LOTI_SMTP_PASSWORD": "smtp-password"},
    ),
    Workload("library", (192, 512)),
    Workload(
        "portal",
        (256, 768),
        pages=8030,
        reaches=("mail",),
        settings=_MAIL
        | {
            "LOTI_PORTAL_URL": "$PORTAL_URL",
            "LOTI_PORTAL_HOST": "0.0.0.0",  # noqa: S104 - in a pod
            "LOTI_PORTAL_PORT": "8030",
            "FORWARDED_ALLOW_IPS": "$PROXIES",
        },
        keys={
            "LOTI_SESSION_KEYS": "session-keys",
            "LOTI_SMTP_USER": "smtp-user",
            "LOTI_SMTP_PASSWORD": "smtp-password",
        },
    ),
    Workload(
        "webhooks",
        (256, 768),
        pages=8090,
        reaches=("the world",),
        settings={"LOTI_EVENTS_HOST": "0.0.0.0", "LOTI_EVENTS_PORT": "8090"},  # noqa: S104 - in a pod
        keys={"LOTI_WEBHOOK_KEYS": "webhook-keys"},
    ),
)  # fmt: skip

MAY_BE_MISSING: Final = frozenset({"smtp-user", "smtp-password"})
"""Entries of a Secret that a service starts without: a relay may let in whoever is inside."""


def workload_named(name: str) -> Workload:
    """The workload of a service. KeyError where there is none."""
    return {workload.name: workload for workload in WORKLOADS}[name]


assert tuple(workload.name for workload in WORKLOADS) == SERVICES  # noqa: S101 - one table must not forget the other
