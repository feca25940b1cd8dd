"""docker-compose.yml: by `docker compose config` where the client can, and by looking at it everywhere."""

import copy
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from schemas.topology import SERVICES, USERS
from tests.support.compose_schema import SCHEMA

ROOT = Path(__file__).resolve().parents[2]
FILES = ("docker-compose.yml", "deploy/docker/servers.yml")
EXAMPLE = ROOT / "deploy/docker/.env.example"
OURS = (*SERVICES, "gateway")
ONE_SHOTS = ("broker-definitions", "provision")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def example() -> dict[str, str]:
    lines = (line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def _client_knows_compose() -> bool:
    docker = shutil.which("docker")
    return (
        docker is not None
        and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0
    )


@pytest.mark.skipif(not _client_knows_compose(), reason="the docker client has no compose")
@pytest.mark.parametrize("file", FILES)
def test_docker_accepts_it(file: str) -> None:
    command = ["docker", "compose", "--env-file", str(EXAMPLE), "-f", str(ROOT / file), "config", "-q"]
    environment = {**os.environ, "CIVIC_POSTGRES_PASSWORD": "x"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("file", FILES)
def test_it_fits_the_compose_specification(file: str) -> None:
    """Holds where no client can say so; the specification knows more than the part of it that we use."""
    jsonschema.validate(yaml.safe_load((ROOT / file).read_text()), SCHEMA)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("services", "gateway", "helthcheck"), {}),
        (("services", "gateway", "restart"), "sometimes"),
        (("services", "gateway", "depends_on", "postgres", "condition"), "service_is_fine"),
        (("services", "gateway", "healthcheck", "interval"), "soon"),
        (("volumes", "civic"), "here"),
    ],
)
def test_a_mistake_in_it_would_be_found(compose: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    wrong = copy.deepcopy(compose)
    place = wrong
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, SCHEMA)


def test_everything_is_there(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"postgres", "rabbitmq", *ONE_SHOTS, *OURS, "civic"}


@pytest.mark.parametrize("name", OURS)
def test_a_process_of_ours_is_confined_watched_and_waits_for_what_it_needs(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["user"] == "civic"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["restart"] == "unless-stopped"
    assert "8000/health" in service["healthcheck"]["test"][-1]
    assert service["command"] == ["python", "-m", name if name == "gateway" else f"services.{name}"]
    assert service["depends_on"] == {
        "provision": {"condition": "service_completed_successfully"},
        "postgres": {"condition": "service_healthy"},
        "rabbitmq": {"condition": "service_healthy"},
    }


@pytest.mark.parametrize("name", OURS)
def test_a_process_signs_in_as_itself_and_knows_no_other_password(compose: dict[str, Any], name: str) -> None:
    environment = compose["services"][name]["environment"]
    own = f"{name}:${{{name.upper()}_PASSWORD}}@"
    assert environment["CIVIC_DATABASE_URL"] == f"postgresql://{own}postgres:5432/civic"
    assert environment["CIVIC_AMQP_URL"] == f"amqp://{own}rabbitmq:5672/civic"
    assert set(re.findall(r"\$\{([A-Z_]+_PASSWORD)", str(environment))) == {f"{name.upper()}_PASSWORD"}


def test_servers_are_watched_and_keep_their_data_in_named_volumes(compose: dict[str, Any]) -> None:
    for name, folder in (("postgres", "/var/lib/postgresql/data"), ("rabbitmq", "/var/lib/rabbitmq")):
        service = compose["services"][name]
        assert service["healthcheck"]["test"]
        assert f"{name}:{folder}" in service["volumes"]
        assert "ports" not in service
    used = {str(v).split(":")[0] for s in compose["services"].values() for v in s.get("volumes", ())}
    assert used == set(compose["volumes"])
    assert compose["services"]["rabbitmq"]["image"].startswith("rabbitmq:4")
    assert int(compose["services"]["postgres"]["image"].partition(":")[2]) >= 15


def test_the_broker_is_set_up_before_it_starts_and_the_database_before_services(compose: dict[str, Any]) -> None:
    broker = compose["services"]["rabbitmq"]
    assert broker["depends_on"] == {"broker-definitions": {"condition": "service_completed_successfully"}}
    assert compose["services"]["provision"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    for name in ONE_SHOTS:
        assert compose["services"][name]["restart"] == "no"


def test_only_the_gateway_is_reachable_and_from_this_machine_alone(compose: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert list(published) == ["gateway"]
    assert all(port.startswith("127.0.0.1:") for port in published["gateway"])
    servers = yaml.safe_load((ROOT / "deploy/docker/servers.yml").read_text())
    assert all(port.startswith("127.0.0.1:") for service in servers["services"].values() for port in service["ports"])


def test_no_secret_stands_in_the_file_and_the_example_has_them_all() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    wanted = set(re.findall(r"\$\{([A-Z_]+)", text))
    assert wanted == set(example())
    assert {f"{user.upper()}_PASSWORD" for user in USERS} <= wanted
    for line in text.splitlines():
        if "PASSWORD:" in line:
            assert ":?" in line
    assert all(re.fullmatch(r"[A-Za-z0-9_-]*", value) for name, value in example().items() if "PASSWORD" in name)


def test_the_image_is_built_from_locks_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "deploy/docker/Dockerfile").read_text().splitlines()
    stages = [line for line in lines if line.startswith("FROM ")]
    assert len(stages) == 2
    assert [line for line in lines if line.startswith("USER ")] == ["USER civic"]
    installs = [line for line in lines if "pip install" in line]
    assert all("--require-hashes" in line or "--no-deps /wheels" in line for line in installs)
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            assert all((ROOT / source).exists() for source in line.split()[1:-1]), line
