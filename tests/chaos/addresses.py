"""Where a system under faults is reached, past the proxies in which the faults are."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Addresses:
    """`kafka`: bootstrap servers; `databases`: a superuser's DSN of each service's database; the rest are URLs without a
    slash at their end. `health` has each replica's health page by its name, such as `salaries-2`. `folder` is the run's."""

    kafka: str
    databases: Mapping[str, str]
    boards: str
    mails: str
    portal: str
    health: Mapping[str, str]
    folder: Path
