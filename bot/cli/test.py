"""`firstline test`: every test, each in the environment of what it tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click

from bot.cli.engine import ensure_engine
from bot.cli.places import ENGINE_TESTS
from bot.settings import ROOT
from bot.setup.places import WEB
from bot.setup.web import ensure_packages
from bot.supervisor.stack import EDGE, ENGINE, python_of


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Run every test, each in its environment; ARGUMENTS go to pytest.

    With paths among the arguments only those are run.
    """
    ensure_engine()
    paths = [it for it in arguments if Path(it.split("::")[0]).exists()]
    options = [it for it in arguments if it not in paths]
    engine_paths = [it for it in paths if _is_engine(it)] if paths else _engine_folders()
    edge_paths = [it for it in paths if not _is_engine(it)] if paths else ["tests"]
    results = []
    if not paths and _has_web_tests():
        results.append(
            _run("web tests", ["npm", "run", "--silent", "test"], WEB, ensure_packages())
        )
    if engine_paths:
        pytest = [str(python_of(ENGINE)), "-m", "pytest", *options, *engine_paths]
        results.append(_run("tests of the engine's side", pytest))
    if edge_paths:
        left_out = [f"--ignore={folder}" for folder in ENGINE_TESTS]
        pytest = [str(python_of(EDGE)), "-m", "pytest", *left_out, *options, *edge_paths]
        results.append(_run("tests of the edge's side and of the whole", pytest))
    sys.exit(1 if any(results) else 0)


def _run(
    title: str, command: list[str], folder: Path = ROOT, env: dict[str, str] | None = None
) -> int:
    click.secho(f"Running the {title} …", bold=True)
    return subprocess.run(command, cwd=folder, env=env, check=False).returncode


def _engine_folders() -> list[str]:
    return [folder for folder in ENGINE_TESTS if any((ROOT / folder).glob("**/test_*.py"))]


def _is_engine(path: str) -> bool:
    here = Path(path.split("::")[0]).resolve()
    return any(here.is_relative_to(ROOT / folder) for folder in ENGINE_TESTS)


def _has_web_tests() -> bool:
    return "test" in json.loads((WEB / "package.json").read_text()).get("scripts", {})
