"""Rasa's own command line for trainers, without TensorFlow and with telemetry off.

`python -m bot.engine.rasa data validate`, `… shell`, `… interactive`, `… test`, `… run actions`.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import warnings

import structlog

from bot.engine import absent
from bot.settings import ROOT


def prepare(serving: bool = False) -> None:
    """Make `import rasa` possible and quiet in this process; `serving` as in `absent.install`."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    # One message is too little work to share: threads only wait for one another, 8 ms of a turn.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    absent.install(serving)
    # Said of every domain that has slots.
    warnings.filterwarnings("ignore", "Slot auto-fill has been removed")
    # The libraries that Rasa pins warn about one another as they load; none of it can be acted on.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=DeprecationWarning)
        importlib.import_module("rasa.core.agent")


def main() -> None:
    """Run the `rasa` command with this process's arguments."""
    prepare()
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from rasa.__main__ import main as rasa_main

    rasa_main()


if __name__ == "__main__":
    main()
