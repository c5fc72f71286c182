"""Which services are looked at, and what each of them is told: by the environment, or by the folder of a `loti up`."""

import contextlib
import difflib
import importlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from deploy.doctor.findings import Finding
from deploy.local.settings import SERVICES, settings_of
from loti_contracts.delivery.settings import ServiceSettings

PREFIX = "LOTI_"
_TESTS = PREFIX + "TEST_"


@dataclass(frozen=True, slots=True)
class Installed:
    """One service and its settings. `local`: it runs under `loti up`, on one machine, for somebody who tries it."""

    name: str
    settings: ServiceSettings = field(repr=False)
    local: bool


def in_folder(data: Path) -> list[Installed]:
    """All services of a `loti up`. Raises NotHere."""
    found = []
    for name in SERVICES:
        with _instead_of_ours(settings_of(name, data)):
            found.append(Installed(name, _class_of(name)(), local=True))
    return found


def by_environment(name: str, environment: Mapping[str, str]) -> tuple[Installed | None, list[Finding]]:
    """The service that the environment's settings are for; None where they cannot be read. What is wrong with them names the
    setting and never its value."""
    class_ = _class_of(name)
    found = list(_unknown(name, class_, environment))
    try:
        with _instead_of_ours({key: text for key, text in environment.items() if key.startswith(PREFIX)}):
            settings = class_()
    except ValidationError as error:
        for one in error.errors(include_input=False, include_url=False):
            setting = PREFIX + "_".join(str(part) for part in one["loc"]).upper()
            found.append(
                Finding(
                    "wrong",
                    name,
                    "settings",
                    f"{setting}: {one['msg']}",
                    f"set {setting}; `loti run {name}` does not start so",
                )
            )
        return None, found
    return Installed(name, settings, local=False), [*found, Finding("good", name, "settings", "can be read")]


def _class_of(name: str) -> type[ServiceSettings]:
    settings = importlib.import_module(f"services.{name}.settings")
    class_: type[ServiceSettings] = getattr(settings, f"{name.capitalize()}Settings")
    return class_


def _unknown(name: str, class_: type[ServiceSettings], environment: Mapping[str, str]) -> Iterator[Finding]:
    """A setting with a slip in its name is passed over by every service: nothing but this tells of it."""
    known = {PREFIX + field.upper() for field in class_.model_fields}
    everybody = known.union(
        *({PREFIX + field.upper() for field in _class_of(one).model_fields} for one in SERVICES)
    )
    for key in sorted(environment):
        if key.startswith(PREFIX) and key not in everybody and not key.startswith(_TESTS):
            near = difflib.get_close_matches(key, sorted(known), n=1)
            mend = f"was {near[0]} meant?" if near else f"take it away; {name} reads no such setting"
            yield Finding("warning", name, "settings", f"{key} is no setting of any service", mend)


@contextlib.contextmanager
def _instead_of_ours(told: Mapping[str, str]) -> Iterator[None]:
    """These settings alone; what is set for this command is put back afterwards."""
    before = {key: os.environ.pop(key) for key in list(os.environ) if key.startswith(PREFIX)}
    os.environ.update(told)
    try:
        yield
    finally:
        for key in told:
            os.environ.pop(key, None)
        os.environ.update(before)
