"""Plays every conversation of this folder; the format is in docs/howto/write-a-conversation-test.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.content import Content, load_content
from bot.content.files import read_yaml
from bot.eval.conversations import load_dialogue
from bot.eval.conversations_format import Conversation, customer_texts, load_conversations
from bot.settings import ROOT

CONVERSATIONS = load_conversations()


@pytest.fixture(scope="module")
def dialogue() -> Any:
    return load_dialogue()


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(ROOT / "data")


@pytest.mark.parametrize(("name", "conversation"), CONVERSATIONS.items(), ids=CONVERSATIONS)
async def test_conversation(
    dialogue: Any, content: Content, name: str, conversation: Conversation
) -> None:
    from bot.eval.conversations_run import play

    result = await play(dialogue, content, name, conversation)
    assert result.as_expected, result.fault


def test_no_test_sentence_is_trained_on() -> None:
    trained = {_plain(text) for text in _training_texts()}
    # What was misread once is taught, and must stay right: those are meant to be trained on.
    others = {name: it for name, it in CONVERSATIONS.items() if not name.startswith("regressions/")}
    longer = {text for text in customer_texts(others) if len(text.split()) > 3}
    assert not {text for text in longer if _plain(text) in trained}


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _training_texts() -> Iterator[str]:
    for file in (ROOT / "data").rglob("*.yml"):
        yield from _examples(read_yaml(file))


def _examples(value: Any) -> Iterator[str]:
    """Every example line and every question anywhere in a file."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "examples" and isinstance(inner, str):
                yield from (line.lstrip("- ") for line in inner.splitlines())
            elif key in ("examples", "questions") and isinstance(inner, list):
                yield from (str(it) for it in inner)
            else:
                yield from _examples(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _examples(inner)
