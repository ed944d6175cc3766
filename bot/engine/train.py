"""Trains the model of the present data, unless it is there: `python -m bot.engine.train`."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.engine.models import MODELS, model_path
from bot.engine.rasa import prepare
from bot.errors import FirstlineError
from bot.settings import ROOT

TICK = 1.0


def train(folder: Path) -> Path:
    """Trains into `folder` and returns the model's path; at once when it exists already.

    Raises `FirstlineError` when Rasa finds the data unusable.
    """
    path = model_path(folder)
    if path.is_file():
        return path
    prepare()
    from rasa.model_training import train as rasa_train

    folder.mkdir(parents=True, exist_ok=True)
    result = rasa_train(
        domain=str(ROOT / "domain.yml"), config=str(ROOT / "config.yml"),
        training_files=str(ROOT / "data"), output=str(folder), force_training=True,
        fixed_model_name=f"{path.name.removesuffix('.tar.gz')}-{os.getpid()}")  # fmt: skip
    if result.code != 0 or result.model is None:
        raise FirstlineError("Rasa could not train. Run `make check`, which names the faulty data")
    Path(result.model).replace(path)
    return path


@contextmanager
def _progress(what: str) -> Iterator[None]:
    done = threading.Event()
    began = time.monotonic()

    def tick() -> None:
        while not done.wait(TICK):
            print(
                f"\r{what} … {time.monotonic() - began:.0f} s", end="", file=sys.stderr, flush=True
            )

    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
        print(f"\r{what} … {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)


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
