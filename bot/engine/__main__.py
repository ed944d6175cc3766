"""The engine process: `python -m bot.engine`. It opens no port; Redis is its only wire.

It loads Rasa and the models, forks the workers that answer customers, and forks them anew when
another model is made live.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from functools import partial

import structlog

from bot.engine import rasa_patches
from bot.engine.rasa import prepare
from bot.errors import FirstlineError
from bot.settings import ROOT, Settings, load_settings

# What Rasa's pinned libraries warn of cannot be acted on; each action is announced by name.
QUIET = ("py.warnings", "rasa_sdk.executor")
LOOK_EVERY = 1.0


def keep_answering(settings: Settings) -> None:
    """Has customers answered until told to stop by SIGTERM or SIGINT.

    Raises `FirstlineError` when there is no model, or none that works.
    """
    from bot.content import load_content
    from bot.engine.answering import answer
    from bot.engine.serving import Serving
    from bot.engine.workers import SIGNALS, Workers

    content = load_content(ROOT / "data")
    serving = Serving(content, settings.state_dir)
    asyncio.run(serving.warm_up())
    gc.enable()
    workers = Workers(settings.engine_workers, partial(answer, settings, content, serving))
    for number in SIGNALS:
        signal.signal(number, lambda *_: workers.stop())
    workers.renew()
    while workers.wait(LOOK_EVERY):
        held = serving.held
        asyncio.run(serving.look())
        if serving.held != held:
            workers.renew()


def main() -> int:
    """Starts the engine; returns the exit code."""
    gc.disable()  # what is loaded stays: looking through it for rubbish takes a tenth of the start
    prepare(serving=True)
    rasa_patches.apply()
    from bot.logs import configure_logging

    configure_logging("engine")
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        keep_answering(load_settings())
    except FirstlineError as error:
        structlog.get_logger("bot.engine").error("cannot_start", reason=str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
