"""Lets the services in to a guarded Kafka: each by the password that was drawn for it, to do what the table of topics says.

`python -m deploy.compose.letting_in --kafka 127.0.0.1:9095 --passwords /access` is asked from where the broker believes whoever
comes: docker-compose's secure form runs it beside the broker, in its network. Run again it changes nothing that is right.
`… --subscriber NAME --topics roles,benchmarks` lets another system in and prints the ten lines that it starts with.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from deploy.access.administration import Administration, BrokerRefused
from deploy.access.grants import (
    Grant,
    NotGranted,
    checked_name,
    of_service,
    of_subscriber,
    services,
    topics_listed,
)
from deploy.access.ten_lines import ten_lines
from loti_contracts.delivery.broker import Broker

PEOPLE: Final = "people"
_SAMPLE: Final = ("read", "write", "create", "describe")


def of_people() -> list[Grant]:
    """The sample people state what boroughs, supporters and staff would. On a system for real there is nobody like them."""
    return [Grant("topic", "loti.", operation, prefixed=True) for operation in _SAMPLE]


def let_in(administration: Administration, passwords: Path) -> list[str]:
    """Everybody a password was drawn for; their names. Raises BrokerRefused, OSError."""
    names = [name for name in (*services(), PEOPLE) if (passwords / name / "kafka-password").exists()]
    for name in names:
        password = (passwords / name / "kafka-password").read_text(encoding="utf-8")
        grants = of_people() if name == PEOPLE else of_service(name)
        administration.keep_in(name, grants, password)
    return names


def main(arguments: Sequence[str]) -> int:
    """The command; what it ends with."""
    parser = argparse.ArgumentParser(description="Who is let in to Kafka, and may do what.")
    parser.add_argument("--kafka", required=True, help="Where whoever comes may administer it.")
    parser.add_argument("--passwords", type=Path, required=True)
    parser.add_argument("--subscriber", help="Another system's name.")
    parser.add_argument("--topics", default="", help="What it may read: roles,benchmarks")
    parser.add_argument("--told", default="127.0.0.1:9092", help="Where it finds the broker.")
    given = parser.parse_args(arguments)
    try:
        with Administration(Broker(given.kafka)) as administration:
            if given.subscriber is None:
                print(f"let in: {', '.join(let_in(administration, given.passwords))}")  # noqa: T201
                return 0
            topics = topics_listed(given.topics)
            name = checked_name(given.subscriber)
            password = administration.let_in(name, of_subscriber(name, topics))
    except (BrokerRefused, NotGranted, OSError) as error:
        print(f"letting in: {error}", file=sys.stderr)  # noqa: T201
        return 1
    broker = Broker(given.told, security="sasl_ssl", user=name, password=password, ca=Path("ca.crt"))
    print((given.passwords / PEOPLE / "ca.crt").read_text(encoding="utf-8"), end="")  # noqa: T201
    print("# These lines above: save them as ca.crt.")  # noqa: T201
    print(ten_lines(name, password, topics, broker))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
