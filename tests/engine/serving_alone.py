"""A process that has loaded what serving needs and no more: `python -m tests.engine.serving_alone MODEL`.

It takes the messages of standard input, a JSON list, as one conversation, and prints as JSON what
was said after each, the case at the end and what is loaded.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from bot.engine import rasa_patches
from bot.engine.rasa import prepare


async def _talked(model: Path, messages: list[str]) -> dict[str, Any]:
    from bot.engine.dialogue import Dialogue
    from tests.engine.talk import Talk

    talk = Talk(Dialogue(model))
    said = [await talk.say(message) for message in messages]
    case = {name: str(field.value) for name, field in talk.case.fields.items()}
    return {"said": said, "case": case, "loaded": sorted(sys.modules)}


if __name__ == "__main__":
    prepare(serving=True)
    rasa_patches.apply()
    print(json.dumps(asyncio.run(_talked(Path(sys.argv[1]), json.load(sys.stdin)))))
