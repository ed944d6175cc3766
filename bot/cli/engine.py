"""Commands that run in the engine environment: everything typed after the name goes to them."""

from __future__ import annotations

import os
import subprocess
import sys

import click

from bot.cli.commands import ENGINE_COMMANDS, MODEL_COMMANDS
from bot.engine.models import model_path
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
        ensure_engine()
        if name in MODEL_COMMANDS and "--help" not in arguments:
            ensure_model()
        _become(module, arguments)

    return command


def _become(module: str, arguments: tuple[str, ...]) -> None:
    python = str(python_of(ENGINE))
    environment = process_environment(load_settings())
    sys.stdout.flush()
    os.execve(python, [python, "-m", module, *arguments], environment)


def ensure_engine() -> None:
    """See that the engine environment is there and up to date; ends the command when it can't be."""
    if is_current(ENGINE):
        return
    setup = [str(ROOT / "bin" / "setup"), ENGINE]
    done = subprocess.run(setup, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        sys.exit(done.returncode)


def ensure_model() -> None:
    """See that a model fits the training data; ends the command when none can be trained."""
    if model_path().is_file():
        return
    module, _ = ENGINE_COMMANDS["train"]
    command = [str(python_of(ENGINE)), "-m", module]
    environment = process_environment(load_settings())
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environment, check=False
    )
    if done.returncode != 0:
        sys.exit(done.returncode)
