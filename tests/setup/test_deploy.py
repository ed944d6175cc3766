"""The examples under deploy/: systemd accepts the units, and nothing in them is made up."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
from dotenv import dotenv_values
from ruamel.yaml import YAML

from bot.settings import PREFIX, ROOT, Settings, load_settings
from bot.setup.places import venv

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMMAND = re.compile(r"^\S*\.venv/(edge|engine)/bin/python -m ([\w.]+)$")
PLACE = "/opt/firstline"


def test_the_settings_are_settings() -> None:
    given = {name: value or "" for name, value in dotenv_values(DEPLOY / "firstline.env").items()}
    assert given.keys() <= {PREFIX + field.name.upper() for field in fields(Settings)}
    assert load_settings(given).redis_url.startswith("redis+sentinel://")


def test_every_container_runs_something_of_ours() -> None:
    services = YAML(typ="safe").load((DEPLOY / "compose.yml").read_text())["services"]
    ours = {name: it for name, it in services.items() if it.get("image") == "firstline"}
    assert ours.keys() == {"edge", "engine", "courier", "trainer"}
    for service in ours.values():
        _is_there(service["command"])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_unit_runs_something_of_ours(unit: Path) -> None:
    [command] = re.findall(r"^ExecStart=(.+)$", unit.read_text(), re.MULTILINE)
    if command == f"{PLACE}/bin/firstline up":
        assert (ROOT / "bin" / "firstline").is_file()
    else:
        _is_there(command)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text().replace(PLACE, str(ROOT))
        (tmp_path / unit.name.replace("@.", "@1.")).write_text(text)
    names = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names],
        capture_output=True,
        text=True,
        timeout=60,
    )
    said = [line for line in done.stderr.splitlines() if "firstline" in line]
    assert (done.returncode, said) == (0, [])


def _is_there(command: str) -> None:
    match = COMMAND.match(command)
    assert match, command
    assert (venv(match[1]) / "bin" / "python").exists()
    module = ROOT / match[2].replace(".", "/")
    assert module.with_suffix(".py").is_file() or (module / "__main__.py").is_file()
