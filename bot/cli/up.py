"""`firstline up`: install what is missing, train if needed, start everything, watch it."""

from __future__ import annotations

import subprocess
import sys

import click

from bot.engine.models import MODELS, serving_model
from bot.settings import ROOT, load_settings, make_state_dir
from bot.supervisor.lock import require_free
from bot.supervisor.up import up as run_stack
from bot.training.versions import SUFFIX, Versions


@click.command()
def up() -> None:
    """Start everything on this machine, in the foreground; Ctrl-C stops all of it.

    Settings come from the environment or .env (see `firstline settings`). What is missing is
    installed first, and a model is trained when none fits the training data.
    """
    settings = load_settings()
    require_free(settings.state_dir / "run")
    for step in (["bin/setup", "run"], ["bin/firstline", "train"]):
        done = subprocess.run(
            [str(ROOT / step[0]), *step[1:]], stdin=subprocess.DEVNULL, check=False
        )
        if done.returncode != 0:
            sys.exit(done.returncode)
    make_state_dir(settings)
    # Not the model of the present data: that may have changed since the training.
    Versions(MODELS, settings.state_dir).follow(serving_model().name.removesuffix(SUFFIX))
    run_stack(settings)
