"""Which model answers: the live one, and the one that a conversation began with."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.case.model import Case
from bot.engine.dialogue import Dialogue, Incoming, Outcome, Said, TurnFailed
from bot.engine.serving import Serving
from bot.engine.tracker import Snapshot, model_of
from bot.errors import FirstlineError
from bot.training.versions import Versions
from tests.engine.talk import CONTENT

OLD, NEW, THIRD, BROKEN = "a" * 16, "b" * 16, "c" * 16, "d" * 16
HEARD = Incoming("hello", "", {})


class Named:
    """A dialogue that says which model it is."""

    def __init__(self, path: Path) -> None:
        self.model = path.name.removesuffix(".tar.gz")

    async def warm_up(self) -> None:
        if self.model == BROKEN:
            raise TurnFailed("it cannot even greet")

    async def turn(self, _: str, stored: bytes, case: Case, heard: Incoming) -> Outcome:
        return Outcome([Said(self.model)], case, msgspec.json.encode(Snapshot(model=self.model)))


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    models = tmp_path / "models"
    models.mkdir()
    for name in (OLD, NEW, THIRD, BROKEN):
        (models / f"{name}.tar.gz").write_bytes(b"")
    return Versions(models, tmp_path)


@pytest.fixture
def serve(tmp_path: Path) -> Callable[[], Serving]:
    load: Any = Named
    return lambda: Serving(CONTENT, tmp_path, tmp_path / "models", load)


async def says(serving: Serving, stored: bytes = b"") -> str:
    return (await serving.turn("c1", stored, Case(), HEARD)).said[0].text


async def test_a_conversation_ends_on_the_model_it_began_with(
    versions: Versions, serve: Callable[[], Serving]
) -> None:
    versions.promote(OLD, "trainer-1", "first", "")
    serving = serve()
    await serving.warm_up()
    began = await serving.turn("c1", b"", Case(), HEARD)
    assert model_of(began.tracker) == OLD
    versions.promote(NEW, "trainer-1", "better", OLD)
    await serving.look()
    assert await says(serving) == NEW
    assert await says(serving, began.tracker) == OLD
    assert serving.held == [OLD, NEW]


async def test_one_click_returns_to_the_former_model(
    versions: Versions, serve: Callable[[], Serving]
) -> None:
    versions.promote(OLD, "trainer-1", "first", "")
    versions.promote(NEW, "trainer-1", "better", OLD)
    serving = serve()
    await serving.warm_up()
    assert await says(serving) == NEW
    versions.rollback("trainer-1", "worse after all")
    await serving.look()
    assert await says(serving) == OLD


async def test_an_engine_started_anew_still_ends_conversations_on_the_former_model(
    versions: Versions, serve: Callable[[], Serving]
) -> None:
    versions.promote(NEW, "trainer-1", "better", OLD)
    serving = serve()
    await serving.warm_up()
    assert await says(serving, msgspec.json.encode(Snapshot(model=OLD))) == OLD


async def test_no_more_than_two_models_are_held(
    versions: Versions, serve: Callable[[], Serving]
) -> None:
    versions.promote(OLD, "trainer-1", "first", "")
    serving = serve()
    await serving.warm_up()
    began = await serving.turn("c1", b"", Case(), HEARD)
    for name, former in ((NEW, OLD), (THIRD, NEW)):
        versions.promote(name, "trainer-1", "better", former)
        await serving.look()
    assert serving.held == [NEW, THIRD]
    assert await says(serving, began.tracker) == THIRD


async def test_a_model_that_cannot_answer_never_goes_live(
    versions: Versions, serve: Callable[[], Serving]
) -> None:
    versions.promote(OLD, "trainer-1", "first", "")
    serving = serve()
    await serving.warm_up()
    versions.promote(BROKEN, "trainer-1", "hasty", OLD)
    await serving.look()
    assert await says(serving) == OLD
    versions.promote(NEW, "trainer-1", "mended", BROKEN)
    await serving.look()
    assert await says(serving) == NEW


async def test_models_that_cannot_be_loaded_are_passed_over_for_the_next_newest(
    versions: Versions, serve: Callable[[], Serving], tmp_path: Path
) -> None:
    for age, name in enumerate((BROKEN, THIRD, NEW, OLD)):
        os.utime(tmp_path / "models" / f"{name}.tar.gz", (1e9 - age, 1e9 - age))
    serving = serve()
    await serving.warm_up()
    assert await says(serving) == THIRD


@pytest.mark.parametrize(("left", "said"), [((BROKEN,), f"{BROKEN}.*Remove"), ((), "no model")])
async def test_without_a_model_that_can_be_loaded_it_is_said_what_to_do(
    versions: Versions, serve: Callable[[], Serving], tmp_path: Path, left: tuple[str], said: str
) -> None:
    for name in {OLD, NEW, THIRD, BROKEN}.difference(left):
        (tmp_path / "models" / f"{name}.tar.gz").unlink()
    with pytest.raises(FirstlineError, match=f"(?i){said}.*make train"):
        await serve().warm_up()


def test_what_is_not_there_is_not_promoted(versions: Versions) -> None:
    with pytest.raises(FirstlineError, match="no model"):
        versions.promote("e" * 16, "trainer-1", "typo", "")
    with pytest.raises(FirstlineError, match="none to return to"):
        versions.rollback("trainer-1", "too early")
    assert versions.live() is None


def test_a_start_follows_the_data_until_somebody_chooses(versions: Versions) -> None:
    for present in (OLD, OLD, NEW):
        versions.follow(present)
    live = versions.live()
    assert live is not None
    assert (live.model, len(versions.history())) == (NEW, 2)
    versions.promote(OLD, "trainer-1", "better", NEW)
    versions.follow(THIRD)
    live = versions.live()
    assert live is not None
    assert live.model == OLD


def test_who_when_and_why_are_kept(versions: Versions) -> None:
    versions.promote(OLD, "trainer-1", "first", "")
    versions.promote(NEW, "trainer-2", "says when bills come", OLD)
    versions.rollback("trainer-1", "worse after all")
    kept = [(it.model, it.by, it.why, it.former) for it in versions.history()]
    assert kept == [
        (OLD, "trainer-1", "first", ""),
        (NEW, "trainer-2", "says when bills come", OLD),
        (OLD, "trainer-1", "worse after all", NEW),
    ]


async def test_thoughts_are_kept_without_words(dialogue: Dialogue) -> None:
    outcome = await dialogue.turn("c1", b"", Case(), Incoming("I have no signal at all", "", {
        "event": "1-0", "at": "2026-11-22T08:16:05Z", "number": "FL-7K3M2Q"}))  # fmt: skip
    thought = outcome.thought
    assert thought["intent"] == "report_problem"
    assert thought["did"] == ["action_continue_case"]
    assert thought["asks"] in CONTENT.fields
    assert "signal" not in str({**thought, "problem": "", "articles": []})
    assert model_of(outcome.tracker) == dialogue.model == thought["model"]
