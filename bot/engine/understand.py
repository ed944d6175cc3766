"""Prints what the bot understands, a JSON line for each line read: `python -m bot.engine.understand`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterable
from typing import Any

from bot.engine.models import current_model
from bot.engine.rasa import prepare
from bot.errors import FirstlineError
from bot.nlu.families import family
from bot.nlu.fields import fields_of


def message_of(line: str) -> dict[str, Any]:
    """A line as {"text": …, "at"?: …}; a line that is no JSON object with a text is the text."""
    if line.lstrip().startswith("{"):
        try:
            read = json.loads(line)
        except ValueError:
            return {"text": line}
        if isinstance(read, dict) and isinstance(read.get("text"), str):
            return read
    return {"text": line}


def understanding(parsed: dict[str, Any]) -> dict[str, Any]:
    """What Rasa returned for a message, in the form of the command's output."""
    intent = parsed["intent"]
    return {
        "text": parsed["text"], "intent": intent["name"], "family": family(intent["name"] or ""),
        "confidence": round(intent["confidence"], 4), "fields": fields_of(parsed["entities"]),
        "problem": parsed.get("problem"), "articles": parsed.get("articles", []),
    }  # fmt: skip


async def understand(lines: Iterable[str]) -> None:
    """Reads messages from `lines`, prints one JSON line each. Raises `FirstlineError`."""
    model = current_model()
    prepare()
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    processor = Agent.load(str(model)).processor
    if processor is None:
        raise FirstlineError(f"{model.name} cannot be read. Delete it and run `make train`")
    for line in lines:
        message = message_of(line.rstrip("\n"))
        if not message["text"].strip():
            continue
        # A blank before it keeps Rasa from taking a text that begins with "/" for an intent.
        said = UserMessage(f" {message['text']}", metadata={"at": message.get("at")})
        parsed = {**await processor.parse_message(said), "text": message["text"]}
        print(json.dumps(understanding(parsed), ensure_ascii=False), flush=True)


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="firstline understand", description=__doc__)
    parser.add_argument("message", nargs="*", help="messages; without any, lines of standard input")
    messages: list[str] = parser.parse_args().message
    try:
        asyncio.run(understand(messages or sys.stdin))
    except FirstlineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
