"""Commands that run in the engine environment: everything typed after the name goes to them."""

from __future__ import annotations

import os
import subprocess
import sys

import click

from bot.cli.commands import ENGINE_COMMANDS
from bot.settings import ROOT, load_settings
from bot.setup.places import is_current
from bot.supervisor.stack import ENGINE, process_environment, python_of


def engine_command(name: str) -> click.Command:
    """The command of that name in the table; `--help` is answered by the module itself."""
    module, text = ENGINE_COMMANDS[name]

    @click.command(
        name, help=text, add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    )  # fmt: skip
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def command(arguments: tuple[str, ...]) -> None:
        run_in_engine(module, arguments)

    return command


def run_in_engine(module: str, arguments: tuple[str, ...]) -> None:
    """Become `python -m module` in the engine environment; installs that first when missing."""
    ensure_engine()
    python = str(python_of(ENGINE))
    environment = process_environment(load_settings())
    sys.stdout.flush()
    os.execve(python, [python, "-m", module, *arguments], environment)


def ensure_engine() -> None:
    """See that the engine environment is there and up to date; ends the command when it can't be."""
    if is_current(ENGINE):
        return
    done = subprocess.run([str(ROOT / "bin" / "setup"), ENGINE], stdout=sys.stderr, check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)
