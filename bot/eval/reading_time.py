"""How long understanding a message takes: `python -m bot.eval.reading_time`, behind the benchmark.

Reads {"name": [[when it was written (RFC 3339), text], …]} from standard input and writes
{"name": [milliseconds of processor time, …]}, from one process on one core.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence

from bot.engine.models import current_model
from bot.engine.rasa import prepare
from bot.errors import FirstlineError

ROUNDS = 3
WARM_UP = 50


def read_messages(sets: dict[str, Sequence[tuple[str, str]]]) -> dict[str, list[float]]:
    """By name, the milliseconds of each message, the median of `ROUNDS`. Raises `FirstlineError`."""
    from bot.engine.dialogue import Dialogue
    from bot.engine.rasa_patches import apply

    apply()
    dialogue = Dialogue(current_model())

    def milliseconds(at: str, text: str) -> float:
        begun = time.process_time()
        dialogue.understand(text, {"at": at})
        return (time.process_time() - begun) * 1000

    found = {}
    for name, messages in sets.items():
        for at, text in messages[:WARM_UP]:
            milliseconds(at, text)
        rounds = [[milliseconds(at, text) for at, text in messages] for _ in range(ROUNDS)]
        found[name] = [sorted(times)[ROUNDS // 2] for times in zip(*rounds, strict=True)]
    return found


def main() -> int:
    """The command line; returns the exit code."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    prepare(serving=True)
    try:
        json.dump(read_messages(json.load(sys.stdin)), sys.stdout)
    except FirstlineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
