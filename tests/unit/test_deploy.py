"""What is shipped for operators: files that parse, and metrics that exist."""

import json
import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from connectors import metrics  # noqa: F401 - registers them
from connectors.roles import ROLES
from connectors.settings import Settings
from connectors.wechat.pictures import LARGEST_BYTES
from tests.installations import ROOT

DEPLOY = ROOT / "deploy"
ALERTS, DASHBOARD = DEPLOY / "prometheus" / "alerts.yml", DEPLOY / "grafana" / "bida.json"
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


def content_of(path: Path) -> Any:
    """A file's content."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def rules() -> dict[str, str]:
    """The alerts' expressions by their names."""
    groups = content_of(ALERTS)["groups"]
    return {rule["alert"]: rule["expr"] for group in groups for rule in group["rules"]}


def series() -> dict[str, set[str]]:
    """The names that Prometheus can see, and the labels of each."""
    found: dict[str, set[str]] = {}
    for collector in {*REGISTRY._collector_to_names}:
        for family in collector.describe() if hasattr(collector, "describe") else ():
            labels = set(getattr(collector, "_labelnames", ()))
            for suffix in SUFFIXES.get(family.type, ()):
                found[family.name + suffix] = labels
    return found


def expressions() -> list[str]:
    """Every expression of the dashboard and of the alerts."""
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return [each["expr"] for panel in panels for each in panel["targets"]] + list(rules().values())


@pytest.mark.parametrize("expression", expressions())
def test_every_metric_and_label_of_dashboard_and_alerts_exists(expression: str) -> None:
    known = series()
    for name in re.findall(r"\bbida_\w+", expression):
        assert name in known, name
        labels = {*re.findall(r"\b(\w+)(?:!?=~?|!~)\"", expression)}
        labels |= {*re.findall(r"by \((\w+)\)", expression)} - {"le"}
        assert labels <= known[name]


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    shown = " ".join(expressions())
    ours = {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in series() if "bida" in name}
    assert {name for name in ours if name not in shown} == set()


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*.y*ml")), ids=lambda path: path.name)
def test_yaml_files_parse(path: Path) -> None:
    assert isinstance(content_of(path), dict)


def test_compose_names_settings_and_files_that_exist() -> None:
    services = content_of(DEPLOY / "compose.yaml")["services"]
    known = {name.upper() for name in Settings.model_fields}
    assert set(services["connector"]["environment"]) <= known
    for service in ("brain", "connector"):
        assert (ROOT / services[service]["build"]["dockerfile"]).is_file()


def test_compose_believes_the_gateway_through_which_the_proxy_comes() -> None:
    compose = content_of(DEPLOY / "compose.yaml")
    (network,) = compose["networks"]["default"]["ipam"]["config"]
    trusted = compose["services"]["connector"]["environment"]["TRUSTED_PROXIES"]
    assert trusted == network["gateway"]
    assert ip_address(trusted) in ip_network(network["subnet"])


def test_nginx_lets_an_agents_picture_through() -> None:
    conf = (DEPLOY / "proxy" / "nginx.conf").read_text(encoding="utf-8")
    blocks = re.findall(r"location ~ (\S+) \{([^}]*)\}", conf)
    (body,) = (
        body for path, body in blocks if re.match(path, "/desk/conversations/main.oA_-1/picture")
    )
    megabytes = re.search(r"client_max_body_size (\d+)m;", body)
    assert megabytes
    assert int(megabytes[1]) * 1024 * 1024 >= LARGEST_BYTES
    assert "proxy_pass http://127.0.0.1:8080;" in body


@pytest.mark.parametrize("path", sorted((DEPLOY / "docker").iterdir()), ids=lambda path: path.name)
def test_dockerfiles_copy_what_exists(path: Path) -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) \S+$", path.read_text(), re.MULTILINE)
    assert copied
    for name in copied:
        assert name == "${MODEL}" or (ROOT / name).exists()


def test_units_start_what_exists() -> None:
    units = {unit.name: unit.read_text() for unit in (DEPLOY / "systemd").iterdir()}
    assert "-m connectors.cli serve" in units["bida.service"]
    assert "run --role %i" in units["bida-connector@.service"]
    assert "worker" in ROLES
