"""What is in deploy/ starts a monitor that this version has."""

import configparser
import pathlib
import shlex
import shutil
import subprocess

import pytest
import yaml

from pipelines.watching import parse_monitor

DEPLOY = pathlib.Path(__file__).parent.parent / "deploy"
SERVICES = sorted(path.name for path in DEPLOY.glob("*.service"))


def service(name):
    """Read a unit, in which some keys occur more than once; their values are joined by spaces."""
    text = (DEPLOY / name).read_text().replace("\\\n", " ")
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(text)
    environment = dict(
        shlex.split(line.partition("=")[2])[0].split("=", 1)
        for line in text.splitlines()
        if line.startswith("Environment=")
    )
    return parser, environment


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_a_monitor_with_a_contact(name):
    unit, environment = service(name)
    command = unit["Service"]["ExecStart"].replace("%S", "/var/lib")
    for key, value in environment.items():
        command = command.replace(f"${{{key}}}", shlex.quote(value))
    program, *arguments = shlex.split(command)[1:]
    assert (program, arguments[0]) == ("/opt/pledgeline/bin/pledgeline", "monitor")
    options = parse_monitor(arguments[1:])
    assert options.output.startswith("/var/lib/pledgeline")
    assert options.once == (unit["Service"]["Type"] == "oneshot")
    # The monitor has five seconds; systemd must not be quicker than that.
    assert int(unit["Service"]["TimeoutStopSec"]) > 5


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_little(name):
    unit, _ = service(name)
    for key in ("DynamicUser", "NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictNamespaces"):
        assert unit["Service"][key] == "yes"
    assert unit["Service"]["ProtectSystem"] == "strict"
    assert unit["Service"]["CapabilityBoundingSet"] == ""


def test_the_two_services_differ_in_how_they_start_alone():
    long, round_ = (dict(service(name)[0]["Service"]) for name in SERVICES)
    differing = {key for key in long.keys() | round_.keys() if long.get(key) != round_.get(key)}
    starting = {"ExecStart", "Type", "Restart", "RestartSec", "StateDirectory", "TimeoutStartSec", "Nice"}
    assert differing <= starting


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_finds_nothing_wrong():
    units = sorted(str(path) for path in DEPLOY.glob("pledgeline-*"))
    ended = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_composition_runs_a_monitor_that_can_write_and_is_told_who_asks():
    monitor = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["monitor"]
    assert monitor["entrypoint"] == ["pledgeline"]
    command = [part for part in monitor["command"] if "user_agent" not in part]
    assert len(command) == len(monitor["command"]) - 1
    assert any("${USER_AGENT:?" in part for part in monitor["command"])
    options = parse_monitor([*command[1:], "--user_agent", "a/1 (+https://example.org)"])
    mounted = {volume.split(":")[1]: volume.split(":")[2:] for volume in monitor["volumes"]}
    assert mounted == {"/config": ["ro"], options.output: [], str(options.metrics_file.parent): []}
    assert monitor["read_only"] is True
