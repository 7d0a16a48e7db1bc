"""What operations departments are handed is in the form that their programs read."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import redis
import yaml
from prometheus_client import REGISTRY

from bot import metrics
from bot.bench.engines import program
from bot.bench.servers import free_port
from tests.e2e.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yml"))
TOOLS = ROOT / ".tools" / "linters" / "bin"


def manifests() -> list[dict[str, Any]]:
    return [one for path in MANIFESTS for one in yaml.safe_load_all(path.read_text("utf-8"))]


def manifest(kind: str) -> dict[str, Any]:
    (found,) = [one for one in manifests() if one["kind"] == kind]
    return found


def settings_in(text: str) -> set[str]:
    return set(re.findall(r"\bBOT_[A-Z_]+\b", text))


def test_hadolint_has_nothing_to_say_of_the_dockerfile():
    done = subprocess.run(
        [TOOLS / "hadolint", DEPLOY / "Dockerfile"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_image_gets_what_the_bot_needs_and_no_more():
    let_in = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    }
    assert {"actions", "bot", "data", "domain.yml", "config.yml", "requirements", "stubs"} <= let_in
    assert all((ROOT / name).exists() for name in let_in)
    assert not {".git", "var", "tests", ".venv"} & let_in


def test_the_image_runs_as_nobody_special():
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    pod = manifest("Deployment")["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsUser"] == 10001


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_kubernetes_knows_every_field(path):
    done = subprocess.run(
        [TOOLS / "kubernetes-validate", "--strict", path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_service_of_any_name_sets_nothing():
    pod = manifest("Deployment")["spec"]["template"]["spec"]
    assert pod["enableServiceLinks"] is False
    (container,) = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    written = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert written == {"/var/lib/bot", "/tmp"}
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert manifest("Service")["spec"]["ports"][0]["targetPort"] in ports
    for probe, route in (
        ("startup", "/healthz"),
        ("liveness", "/healthz"),
        ("readiness", "/readyz"),
    ):
        assert container[f"{probe}Probe"]["httpGet"]["path"] == route


def test_what_belongs_together_has_one_name():
    labels = manifest("Deployment")["spec"]["template"]["metadata"]["labels"].items()
    for selector in (
        manifest("Deployment")["spec"]["selector"]["matchLabels"],
        manifest("Service")["spec"]["selector"],
        manifest("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        manifest("NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
    ):
        assert selector.items() <= labels
    target = manifest("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]["name"]
    assert target == manifest("Deployment")["metadata"]["name"]
    backend = manifest("Ingress")["spec"]["rules"][0]["http"]["paths"][0]["backend"]
    assert backend["service"]["name"] == manifest("Service")["metadata"]["name"]


def test_every_setting_that_is_set_exists():
    known = settings_in((ROOT / ".env.example").read_text("utf-8"))
    files = [path for path in DEPLOY.rglob("*") if path.suffix in (".yml", ".service", "")]
    used = set().union(*(settings_in(path.read_text("utf-8")) for path in files if path.is_file()))
    assert used - known == set()


def test_compose_knows_every_field():
    done = subprocess.run(
        [
            TOOLS / "check-jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            DEPLOY / "compose.yml",
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_compose_is_whole():
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))
    services = compose["services"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= services.keys()
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            here = source.startswith("./") and not source.endswith("/tls")
            assert not here or (DEPLOY / source).exists(), source
        assert set(service["networks"]) <= compose["networks"].keys()


def compose_services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))[
        "services"
    ]
    return services


@pytest.mark.parametrize(("name", "service"), compose_services().items())
def test_every_container_is_locked_in_bounded_and_looked_after(name, service):
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
    # The bot's is in its image.
    assert name == "bot" or "healthcheck" in service


def test_only_nginx_has_a_way_out_and_its_word_alone_counts():
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))
    services, networks = compose["services"], compose["networks"]
    inside = {name for name, network in networks.items() if (network or {}).get("internal")}
    assert [name for name, one in services.items() if not set(one["networks"]) <= inside] == [
        "nginx"
    ]
    assert [name for name, one in services.items() if "ports" in one] == ["nginx"]
    assert not set(services["nginx"]["networks"]) & set(services["postgres"]["networks"])
    proxy = ip_address(services["nginx"]["networks"]["web"]["ipv4_address"])
    assert services["bot"]["environment"]["BOT_TRUSTED_PROXIES"] == str(proxy)
    (web,) = networks["web"]["ipam"]["config"]
    assert proxy in ip_network(web["subnet"])
    assert proxy not in ip_network(web["ip_range"]), "a bot could get it"


def test_redis_lets_in_who_has_the_password(tmp_path):
    """As compose.yml starts it, which hides the password from who lists processes."""
    service, port = compose_services()["redis"], free_port()
    command = [part.replace("$$", "$") for part in service["command"]]
    command[-1] = command[-1].replace("redis-server ", f"redis-server --port {port} ")
    folders = [str(Path(program("redis-server")).parent), os.environ["PATH"]]
    environment = {"REDIS_PASSWORD": "not-a-secret-0", "PATH": os.pathsep.join(folders)}
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    try:
        link = redis.Redis(port=port, password="not-a-secret-0")
        wait_until(lambda: answers(link), "Redis")
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port).ping()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port, password="another").ping()
        shown = Path(f"/proc/{server.pid}/cmdline").read_text()
        assert "redis-server" in shown
        assert "not-a-secret-0" not in shown
        (check,) = service["healthcheck"]["test"][1:]
        check = check.replace("$$", "$").replace("redis-cli", f"redis-cli -p {port}")
        for password, status in (("not-a-secret-0", 0), ("another", 1)):
            told = subprocess.run(
                ["sh", "-c", check],
                env={**environment, "REDIS_PASSWORD": password},
                capture_output=True,
            )
            assert told.returncode == status
    finally:
        server.terminate()
        server.wait(timeout=30)


def answers(link: redis.Redis) -> bool:
    try:
        return bool(link.ping())
    except redis.ConnectionError:
        return False


def images() -> dict[str, str]:
    lines = (DEPLOY / "images.env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_every_image_is_of_the_one_list():
    used = set(re.findall(r"\$\{(\w+_IMAGE):\?", (DEPLOY / "compose.yml").read_text("utf-8")))
    assert used == images().keys()
    dockerfile = (DEPLOY / "Dockerfile").read_text("utf-8")
    (default,) = re.findall(r"^ARG PYTHON_IMAGE=(.+)$", dockerfile, re.MULTILINE)
    assert images()["PYTHON_IMAGE"].partition("@")[0] == default
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {"${PYTHON_IMAGE}"}
    for image in images().values():
        assert re.fullmatch(r"[a-z]+:[\w.-]+(@sha256:[0-9a-f]{64})?", image)


def pinned(folder: Path, said: str) -> subprocess.CompletedProcess[str]:
    """Pin a list of images with a Docker that says this of each."""
    docker = folder / "docker"
    docker.write_text(f'#!/bin/sh\necho "$@" >>"{folder}/asked"\n{said}\n')
    docker.chmod(0o755)
    return subprocess.run(
        [ROOT / "tools" / "pin", folder / "images.env"],
        env={"PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )


def test_images_are_pinned_by_the_digest_that_they_have(tmp_path):
    listed = tmp_path / "images.env"
    before = "# Why.\n\nPYTHON_IMAGE=python:3.13\n" + f"REDIS_IMAGE=redis:7@sha256:{'0' * 64}\n"
    listed.write_text(before)
    for said in ("exit 1", "echo sha256:short", ":"):
        refused = pinned(tmp_path, said)
        assert refused.returncode == 1
        assert refused.stderr.startswith("FEL: ")
        assert listed.read_text() == before
    (tmp_path / "asked").unlink()
    digest = f"sha256:{'ab' * 32}"
    for _ in range(2):
        done = pinned(tmp_path, f"echo {digest}")
        assert done.returncode == 0, done.stderr
        assert listed.read_text() == (
            f"# Why.\n\nPYTHON_IMAGE=python:3.13@{digest}\nREDIS_IMAGE=redis:7@{digest}\n"
        )
    asked = (tmp_path / "asked").read_text().splitlines()
    assert [line.split()[-1] for line in asked] == ["python:3.13", "redis:7"] * 2


def test_nginx_reads_the_site(tmp_path):
    """With a certificate of its own; every other line is as it stands."""
    nginx = program("nginx")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=chatt.exempel.se", "-keyout", tmp_path / "chatt.key", "-out", tmp_path / "chatt.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    site = (DEPLOY / "nginx" / "bot.conf").read_text("utf-8")
    site = site.replace("/etc/nginx/tls", str(tmp_path))
    for port in ("80", "443"):
        site = re.sub(rf"listen (\[::\]:)?{port}\b", rf"listen \g<1>{free_port()}", site)
    upstream = (DEPLOY / "nginx" / "upstream.conf").read_text("utf-8")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; events {{}} http {{ {upstream}\n{site} }}", "utf-8"
    )
    done = subprocess.run(
        [nginx, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf", "-e", "stderr"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def unit(kind: str) -> ConfigParser:
    """Read a unit of systemd; of what stands there twice, the last."""
    read = ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment]
    read.read(DEPLOY / "systemd" / f"bibliotekschatt.{kind}", encoding="utf-8")
    return read


def test_systemd_reads_the_units(tmp_path):
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("systemd is not installed")
    for kind in ("service", "socket"):
        text = (DEPLOY / "systemd" / f"bibliotekschatt.{kind}").read_text("utf-8")
        text = text.replace("/opt/bibliotekschatt/.venv/bin/python", sys.executable)
        text = text.replace("WorkingDirectory=/opt/bibliotekschatt", "WorkingDirectory=/")
        (tmp_path / f"bibliotekschatt.{kind}").write_text(text)
    done = subprocess.run(
        [analyze, "verify", "--man=no", *sorted(tmp_path.iterdir())],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
    )
    ours = [line for line in done.stderr.splitlines() if "bibliotekschatt" in line]
    assert ours == [], done.stderr


def test_the_service_knows_its_settings_and_outlives_one_process():
    service = unit("service")["Service"]
    assert service["EnvironmentFile"] == "/etc/bibliotekschatt.env", "with a dash it may be missing"
    assert service["OOMPolicy"] == "continue"
    assert int(service["LimitNOFILE"]) > 1024
    assert service["Restart"] == "always"
    assert unit("service")["Unit"]["Requires"] == "bibliotekschatt.socket"
    assert "bibliotekschatt.socket" in unit("service")["Unit"]["After"]


def test_the_address_that_systemd_holds_is_the_one_that_nginx_knows():
    upstream = (DEPLOY / "nginx" / "upstream.conf").read_text("utf-8")
    assert set(re.findall(r"^\s*server (\S+)", upstream, re.MULTILINE)) == {
        unit("socket")["Socket"]["ListenStream"]
    }


def test_there_is_time_to_leave():
    """What is stopped is not killed while it drains and finishes what it has begun."""
    finish = 15
    compose = compose_services()["bot"]
    drain = int(compose["environment"]["BOT_DRAIN_SECONDS"])
    assert int(compose["stop_grace_period"].rstrip("s")) > drain + finish
    drain = int(manifest("ConfigMap")["data"]["BOT_DRAIN_SECONDS"])
    pod = manifest("Deployment")["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] > drain + finish


def exported() -> set[str]:
    """The names of figures that exist, as Prometheus stores them."""
    assert metrics.figures()
    names = set()
    for family in REGISTRY.collect():
        if family.name.startswith("bot_"):
            suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
            names |= {family.name + suffix for suffix in suffixes.get(family.type, [""])}
    return names


def expressions() -> Iterator[tuple[str, str]]:
    alerts = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))
    for group in alerts["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]
    dashboard = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text("utf-8"))
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"].replace("$__rate_interval", "5m")


# Of node_exporter and blackbox_exporter.
OF_OTHERS = {
    "node_filesystem_avail_bytes",
    "node_filesystem_size_bytes",
    "node_memory_MemAvailable_bytes",
    "node_memory_MemTotal_bytes",
    "probe_ssl_earliest_cert_expiry",
    "probe_success",
}


@pytest.mark.parametrize(("name", "expression"), expressions())
def test_alerts_and_panels_ask_for_figures_that_exist(name, expression):
    assert promql_parser.parse(expression)
    asked = set(re.findall(r"\bbot_[a-z_]+\b", expression))
    assert asked <= exported()
    foreign = set(re.findall(r"\b(?:node|probe)_\w+\b", expression))
    assert foreign <= OF_OTHERS
    assert asked or foreign or "up" in expression
    for value in re.findall(r'(?:outcome|step)[=!]~?"([a-z_|]+)"', expression):
        known = {metrics.ANSWERED, metrics.ASKED_BACK, metrics.NOT_UNDERSTOOD, metrics.FAILED}
        assert set(value.split("|")) <= {*known, metrics.WHOLE}


def test_every_figure_is_on_the_dashboard():
    dashboard = (DEPLOY / "grafana" / "dashboard.json").read_text("utf-8")
    for name in exported():
        base = re.sub(r"_(total|bucket|sum|count)$", "", name)
        assert base in dashboard, name


def test_prometheus_asks_under_the_name_that_alerts_know():
    scrape = yaml.safe_load((DEPLOY / "prometheus" / "scrape.yml").read_text("utf-8"))
    names = {job["job_name"] for job in scrape["scrape_configs"]}
    asked = {found for _, text in expressions() for found in re.findall(r'job="([^"]+)"', text)}
    assert asked == names


def test_the_ingress_takes_the_paths_and_shows_what_is_public():
    paths = manifest("Ingress")["spec"]["rules"][0]["http"]["paths"]
    for path in paths:
        # What ingress-nginx lets pass, unless it is told to look less closely.
        strict = path["pathType"] in ("Exact", "Prefix")
        assert not strict or re.fullmatch(r"/[a-zA-Z0-9/_-]*", path["path"]), path["path"]
    assert not {"/metrics", "/readyz", "/healthz"} & {path["path"] for path in paths}


def test_alerts_say_what_to_do():
    alerts = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))
    for group in alerts["groups"]:
        for rule in group["rules"]:
            assert rule.keys() >= {"alert", "expr", "for", "labels", "annotations"}
            assert rule["annotations"].keys() >= {"summary", "description"}


def test_every_alert_is_shown_to_be_raised():
    """By alerts.test.yml, which promtool runs; it is part of Prometheus."""
    told = yaml.safe_load((DEPLOY / "prometheus" / "alerts.test.yml").read_text("utf-8"))
    raised = {
        re.search(r'"(.+)"', sample["labels"])[1]
        for case in told["tests"]
        for expected in case.get("promql_expr_test", ())
        for sample in expected["exp_samples"]
    }
    alerts = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))
    assert raised == {rule["alert"] for group in alerts["groups"] for rule in group["rules"]}
    if promtool := shutil.which("promtool"):
        done = subprocess.run(
            [promtool, "test", "rules", DEPLOY / "prometheus" / "alerts.test.yml"],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
