"""`firstline bench`: the benchmark against stock Rasa, which lives in bench/."""

from __future__ import annotations

import subprocess
import sys

import click

from bot.cli.engine import ensure_engine
from bot.errors import FirstlineError
from bot.settings import ROOT


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """Measure side by side with stock Rasa; ARGUMENTS go to the benchmark."""
    if not (ROOT / "bench" / "__main__.py").is_file():
        raise FirstlineError("bench/ is not in this checkout. Get it from version control")
    ensure_engine()
    command = [sys.executable, "-m", "bench", *arguments]
    sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)
