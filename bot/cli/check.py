"""`firstline check`: format, lint, types on both sides, data, the web part."""

from __future__ import annotations

import os
import sys

import click

from bot.cli.engine import ensure_engine
from bot.cli.places import EDGE_CODE, ENGINE_CODE, ENGINE_TESTS, SHARED_CODE, STOCK_CODE
from bot.cli.steps import Step, run_steps
from bot.settings import ROOT
from bot.setup.web import ensure_packages
from bot.supervisor.stack import EDGE, ENGINE, python_of


@click.command()
def check() -> None:
    """Format, lint, types on both sides, data and the web part; exit code 1 when one fails."""
    ensure_engine()
    failed = run_steps(_steps())
    if failed:
        click.secho(f"\nFailed: {'; '.join(failed)}", fg="red", err=True)
        sys.exit(1)
    click.secho("\nAll checks passed.", fg="green")


def _steps() -> list[Step]:
    tools = python_of(EDGE).parent
    mypy = (tools / "mypy", "--strict")
    rasa_python = ("--python-executable", python_of(ENGINE), "--python-version", "3.10",
                   "--cache-dir", ".mypy_cache/engine")  # fmt: skip
    return [
        Step("Format (ruff)", (tools / "ruff", "format", "--check", "--output-format", "concise", ".")),
        Step("Lint (ruff)", (tools / "ruff", "check", "--quiet", ".")),
        Step("Types of the edge's side and its tests (mypy)",
             (*mypy, "--exclude", f"^({'|'.join((*ENGINE_TESTS, STOCK_CODE))})/",
              *_present((*EDGE_CODE, *SHARED_CODE, "tests")))),
        Step("Types of the engine's side (mypy, Python 3.10)",
             (*mypy, *rasa_python, *_present(ENGINE_CODE + SHARED_CODE))),
        Step("Operator content", (sys.executable, "-m", "bot.cli", "data", "validate"),
             environment=dict(os.environ)),
        Step("Training data (rasa data validate)",
             (python_of(ENGINE), "-m", "bot.engine.rasa", "data", "validate"), quiet=True),
        Step("Web part (npm run check)", ("npm", "run", "--silent", "check"), ROOT / "web",
             ensure_packages()),
    ]  # fmt: skip


def _present(paths: tuple[str, ...]) -> list[str]:
    return [path for path in paths if (ROOT / path).exists()]
