"""Stories: what came before matters, wherever in a conversation it came."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from bot.case.model import Case
from bot.engine.dialogue import Dialogue, Incoming
from bot.settings import ROOT

DATA = ("case.yml", "chitchat.yml", "commands.yml")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Dialogue:
    """Our rules and policies with the stories of the how-to, and no understanding to learn."""
    from rasa.model_training import train

    root = tmp_path_factory.mktemp("stories")
    (root / "data").mkdir()
    for name in DATA:
        shutil.copy(ROOT / "data" / name, root / "data")
    howto = (ROOT / "docs" / "howto" / "add-a-story.md").read_text()
    found = re.findall(r"^ *```yaml\n(.*?)^ *```", howto, re.DOTALL | re.MULTILINE)
    intent, story, _ = [re.sub(r"^   ", "", block, flags=re.MULTILINE) for block in found]
    (root / "data" / "feelings.yml").write_text(story)
    domain = (ROOT / "domain.yml").read_text()
    (root / "domain.yml").write_text(domain.replace("  - greet\n", f"{intent}  - greet\n", 1))
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    config |= {"pipeline": [{"name": "KeywordIntentClassifier"}]}
    config.pop("importers")
    (root / "config.yml").write_text(yaml.safe_dump(config))
    made = train(
        str(root / "domain.yml"), str(root / "config.yml"), str(root / "data"), str(root / "models")
    )
    return Dialogue(Path(made.model))


async def said(dialogue: Dialogue, *intents: str) -> list[str]:
    """What the bot says last in a conversation in which these things are meant."""
    tracker, case = b"", Case()
    words: list[str] = []
    for number, intent in enumerate(intents, start=1):
        facts = {"event": f"{number}-0", "at": "2026-11-22T08:16:05Z", "number": "FL-7K3M2Q", "clicked": True}  # fmt: skip
        outcome = await dialogue.turn("c1", tracker, case, Incoming("x", f"/{intent}", facts))
        tracker, case, words = outcome.tracker, outcome.case, [it.text for it in outcome.said]
    return words


@pytest.mark.parametrize("before", [[], ["greet"], ["thanks", "bot_challenge", "help"]])
async def test_a_story_holds_after_other_turns_too(small: Dialogue, before: list[str]) -> None:
    once = await said(small, *before, "how_are_you")
    again = await said(small, *before, "how_are_you", "how_are_you")
    assert once[0] == "Very well, thank you."
    assert again[0] == "Still well, thank you."
