"""What docker-compose.yml promises on paper. tests/path/test_compose.py runs it."""

import re
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from deploy.local.boards.server import create_app, serving
from deploy.local.kafka import VERSION
from deploy.local.settings import SERVICES
from services.ingest.sources import read_sources

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    """The services of docker-compose.yml, merged as compose merges them."""
    parsed = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8"))
    found: dict[str, dict[str, Any]] = parsed["services"]
    return found


def test_every_service_is_there(services: dict[str, dict[str, Any]]) -> None:
    """Each service has its image, its own database and role, and starts after the step that migrates its database; that one
    starts after the servers are healthy, with the settings of its service."""
    for name in SERVICES:
        service = services[name]
        assert service["build"]["args"] == {"SERVICE": name}
        assert (REPOSITORY / "requirements" / f"{name}.txt").exists()
        assert service["environment"]["LOTI_DATABASE"] == f"postgresql://loti_{name}@postgres/loti_{name}"
        password = service["environment"]["PGPASSWORD"]
        assert password == services["databases"]["environment"][f"PASSWORD_OF_{name}"]
        assert f"LOTI_{name.upper()}_PASSWORD" in password
        assert service["depends_on"][f"prepare-{name}"] == {"condition": "service_completed_successfully"}
        assert service["restart"] == "unless-stopped"
        assert service["init"] is True
        step = services[f"prepare-{name}"]
        assert step["depends_on"]["kafka"] == {"condition": "service_healthy"}
        assert step["depends_on"]["databases"] == {"condition": "service_completed_successfully"}
        assert (step["command"], step["restart"], step["ports"]) == (["prepare"], "no", [])
        assert {what: step[what] for what in ("image", "build", "environment")} == {
            what: service[what] for what in ("image", "build", "environment")
        }
    assert services["kafka"]["image"] == f"apache/kafka:{VERSION}"


def test_nothing_listens_beyond_this_machine(services: dict[str, dict[str, Any]]) -> None:
    """Every published port is bound to 127.0.0.1, and can be chosen."""
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert len(ports) == 7
    for port in ports:
        assert re.fullmatch(r"127\.0\.0\.1:\$\{LOTI_[A-Z]+_PORT:-\d+\}:\d+", port), port


def test_every_container_is_hardened(services: dict[str, dict[str, Any]]) -> None:
    """The servers' too: a root file system that is read only, no capability, none to be gained, and nobody is root. What
    they can write is a volume or goes with the container."""
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "cap_add" not in service, name
        assert "privileged" not in service, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert all(
            volume.endswith(":ro") for volume in service.get("volumes", ()) if volume.startswith(".")
        ), name
        assert "build" in service or service["user"] in ("1000:1000", "postgres"), name
    dockerfile = (REPOSITORY / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (.*)$", dockerfile, re.MULTILINE) == ["10001:10001"]


def test_the_broker_reaches_itself(services: dict[str, dict[str, Any]]) -> None:
    """The inter-broker listener is advertised by the container's own name: transactions are verified over it."""
    settings = services["kafka"]["environment"]
    inner = settings["KAFKA_INTER_BROKER_LISTENER_NAME"]
    advertised = dict(each.split("://") for each in settings["KAFKA_ADVERTISED_LISTENERS"].split(","))
    assert advertised[inner] == "kafka:9092"
    assert settings["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_nobody_is_let_in_without_a_name_in_the_secure_form(services: dict[str, dict[str, Any]]) -> None:
    """Every door of Kafka that anybody can reach asks for name and password over TLS; those that ask for none listen within the
    container alone. Every service signs in as itself, by a password that no other container has."""
    text = (REPOSITORY / "deploy/compose/secure.yml").read_text(encoding="utf-8")
    secure: dict[str, Any] = yaml.safe_load(text)["services"]
    settings = secure["kafka"]["environment"]
    kinds = dict(each.split(":") for each in settings["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(","))
    for name, where in (each.split("://") for each in settings["KAFKA_LISTENERS"].split(",")):
        assert kinds[name] == "SASL_SSL" or where.startswith("127.0.0.1:"), name
    assert settings["KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND"] == "false"
    for name in SERVICES:
        for one in (name, f"prepare-{name}"):
            assert secure[one]["environment"]["LOTI_KAFKA_SECURITY"] == "sasl_ssl"
            assert secure[one]["environment"]["LOTI_KAFKA_USER"] == name
            assert secure[one]["volumes"] == [f"access-{name}:/access:ro"]
    assert set(secure) >= set(services) & {"people", "kafka"}
    drawn = {volume.partition(":")[0] for volume in secure["access"]["volumes"]}
    assert drawn == {
        "access-authority",
        "access-kafka",
        "access-people",
        *(f"access-{name}" for name in SERVICES),
    }
    for each in (secure["access"], secure["grants"]):
        assert (each["read_only"], each["cap_drop"]) == (True, ["ALL"])
    assert secure["grants"]["network_mode"] == "service:kafka"


async def test_the_list_of_boards_is_the_sample_boards() -> None:
    """deploy/compose/sources.yaml is what the sample boards say of themselves under their name in the network."""
    listed = {source.id: source for source in read_sources(REPOSITORY / "deploy/compose/sources.yaml")}
    async with serving(create_app()) as url, httpx2.AsyncClient() as client:
        answer = await client.get(f"{url}/sources.json", headers={"Host": "boards.localhost:8026"})
    assert [
        source.model_dump(mode="json", exclude_defaults=True) for source in listed.values()
    ] == answer.json()


def test_locks_hold_no_address() -> None:
    """Every image's lock names packages and hashes, not where they come from."""
    for name in (*SERVICES, "local", "access", "build"):
        text = (REPOSITORY / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text
