"""What is deployed beside the bot fits the bot: rules and board name what it exports."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from index.serving import Serving
from tests.running_bot import GOAL, Running, free_port, running_bot

DEPLOY = Path(__file__).parents[1] / "deploy"
RULES = DEPLOY / "prometheus" / "alerts.yml"
BOARD = DEPLOY / "grafana" / "cdsbot.json"
NAME = re.compile(r"\b(?:cdsbot|process)_\w+")
needs_prometheus = pytest.mark.skipif(
    not (shutil.which("promtool") and shutil.which("prometheus")),
    reason="Prometheus is not on this machine (Debian's package prometheus)",
)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, starter_serving: Serving) -> Iterator[Running]:
    with running_bot(tmp_path_factory.mktemp("deploy"), starter_serving) as running:
        an, chat = running.chat()
        running.say(chat, an, GOAL)
        running.say(chat, an, "/tim hồ sơ")
        yield running


def rules() -> list[dict[str, Any]]:
    [group] = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return list(group["rules"])


def drawn() -> list[str]:
    """Every expression of the board."""
    board = json.loads(BOARD.read_text("utf-8"))
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def exported(bot: Running) -> set[str]:
    address = f"http://127.0.0.1:{bot.settings.webhook_port}/metrics"
    with urllib.request.urlopen(address, timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {re.split(r"[{ ]", line)[0] for line in lines if not line.startswith("#")}


def test_rules_and_board_name_only_what_is_exported(bot: Running) -> None:
    names = {
        name for said in (*(r["expr"] for r in rules()), *drawn()) for name in NAME.findall(said)
    }
    assert len(names) > 10
    assert names <= exported(bot)


def test_every_metric_of_ours_is_on_the_board(bot: Running) -> None:
    """What nobody looks at need not be counted."""
    seen = {name for said in drawn() for name in NAME.findall(said)}
    ours = {name for name in exported(bot) if re.match(r"cdsbot_(?!.*_created$)", name)}
    assert ours <= seen


def test_each_alert_says_what_to_do() -> None:
    """In Vietnamese, and how urgent it is."""
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["action"]


@needs_prometheus
def test_the_rules_are_rules() -> None:
    run = subprocess.run(
        ["promtool", "check", "rules", str(RULES)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{len(rules())} rules found" in run.stdout + run.stderr


@needs_prometheus
def test_the_alerts_fire_when_they_should_and_not_before() -> None:
    """Series written down, and what Prometheus makes of them."""
    cases = str(Path(__file__).parent / "alert_cases.yml")
    run = subprocess.run(
        ["promtool", "test", "rules", cases], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    tried = set(re.findall(r"alertname: (\w+)", Path(cases).read_text("utf-8")))
    assert tried == {rule["alert"] for rule in rules()}


def asked(port: int, path: str, **query: str) -> Any:
    address = f"http://127.0.0.1:{port}/api/v1/{path}?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(address, timeout=10) as answer:
        return json.load(answer)["data"]


@needs_prometheus
def test_a_real_prometheus_reads_the_bot_the_rules_and_the_board(
    bot: Running, tmp_path: Path
) -> None:
    """As deployed, but for the port and the pace: no rule and no expression of the board fails."""
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text("utf-8"))
    config["global"] = {"scrape_interval": "200ms", "evaluation_interval": "200ms",
                        "scrape_timeout": "200ms"}  # fmt: skip
    [job] = config["scrape_configs"]
    job["static_configs"] = [{"targets": [f"127.0.0.1:{bot.settings.webhook_port}"]}]
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config), "utf-8")
    shutil.copy(RULES, tmp_path)
    port = free_port()
    process = subprocess.Popen(
        ["prometheus", f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/db",
         f"--web.listen-address=127.0.0.1:{port}"],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        loaded = _once_evaluated(port)
        assert {rule["name"] for rule in loaded} == {rule["alert"] for rule in rules()}
        assert {rule["health"] for rule in loaded} == {"ok"}
        assert {rule["state"] for rule in loaded} == {"inactive"}
        for expression in drawn():
            assert asked(port, "query", query=expression)["result"], expression
    finally:
        process.terminate()
        process.wait(20)


def _once_evaluated(port: int) -> list[dict[str, Any]]:
    """The rules, once each has been evaluated over what two scrapes of the bot brought."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            scraped = asked(port, "query", query="count_over_time(cdsbot_queue_updates[1m])")
            [group] = asked(port, "rules")["groups"]
            if scraped["result"] and float(scraped["result"][0]["value"][1]) > 2 and all(
                rule["health"] != "unknown" for rule in group["rules"]
            ):  # fmt: skip
                return list(group["rules"])
        except OSError:
            pass  # it does not listen yet
        time.sleep(0.1)
    raise AssertionError("Prometheus did not evaluate the rules in time")
