"""Trains the model of the present data, unless it is there: `python -m bot.engine.train`."""

from __future__ import annotations

import argparse
import io
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from bot.engine.models import MODELS, model_path
from bot.engine.rasa import prepare
from bot.errors import FirstlineError
from bot.settings import ROOT

TICK = 1.0
LAST_WORDS = 30


def train(folder: Path) -> Path:
    """Trains into `folder` and returns the model's path; at once when it exists already.

    Raises `FirstlineError` when Rasa finds the data unusable.
    """
    path = model_path(folder)
    if path.is_file():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        trained = _trained(folder, f"{path.name.removesuffix('.tar.gz')}-{os.getpid()}")
    if trained is None:
        words = "\n".join(said.getvalue().splitlines()[-LAST_WORDS:])
        raise FirstlineError(f"{words}\nRasa could not train. `make check` names the faulty data")
    trained.replace(path)
    return path


def _trained(folder: Path, name: str) -> Path | None:
    prepare()
    from rasa.model_training import train as rasa_train

    try:
        result = rasa_train(
            domain=str(ROOT / "domain.yml"), config=str(ROOT / "config.yml"),
            training_files=str(ROOT / "data"), output=str(folder), force_training=True,
            fixed_model_name=name)  # fmt: skip
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
        return None
    return Path(result.model) if result.code == 0 and result.model else None


@contextmanager
def _progress(what: str) -> Iterator[None]:
    done, out = threading.Event(), sys.stderr
    began = time.monotonic()

    def tick() -> None:
        while out.isatty() and not done.wait(TICK):
            print(f"\r{what} … {time.monotonic() - began:.0f} s", end="", file=out, flush=True)

    if not out.isatty():
        print(f"{what} …", file=out, flush=True)
    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
        start = "\r" if out.isatty() else ""
        print(f"{start}{what} … {time.monotonic() - began:.1f} s", file=out, flush=True)


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="firstline train", description=__doc__)
    parser.add_argument("--out", type=Path, default=MODELS, help="folder for models (%(default)s)")
    folder: Path = parser.parse_args().out.resolve()
    there = model_path(folder).is_file()
    try:
        if there:
            path = model_path(folder)
        else:
            with _progress("Training the model"):
                path = train(folder)
    except FirstlineError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{path.name} {'was there already' if there else 'trained'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
