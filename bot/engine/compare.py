"""Two models side by side: held-out messages, conversation tests, and recorded conversations.

Both models are loaded once; the work is shared out among processes forked from the one that did.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from bot.content import Content, load_content
from bot.conversation.events import Event
from bot.engine.models import MODELS, serving_model
from bot.errors import FirstlineError
from bot.eval.conversations_format import Conversation, load_conversations
from bot.eval.heldout import read_messages
from bot.settings import ROOT
from bot.training.versions import SUFFIX, Versions

if TYPE_CHECKING:  # this imports Rasa, which must be prepared for first
    from bot.engine.dialogue import Dialogue

HELD_OUT = ROOT / "tests" / "nlu"
AT_ONCE = 8
NICE = 5
STATES_KEPT = 5_000

MESSAGES, TESTS, REPLAY = PARTS = ("messages", "tests", "replay")

Progress = Callable[[str, float], None]
Log = tuple[str, list[Event]]


class Message(msgspec.Struct, frozen=True):
    """A held-out message that is understood differently; wanted, before and now are families."""

    text: str
    wanted: str
    was: str
    now: str


class Test(msgspec.Struct, frozen=True):
    """A conversation test that passes with one model and fails with the other."""

    name: str
    passes_now: bool
    faults: list[str]


class Comparison(msgspec.Struct, frozen=True):
    """What changes from the model `was` to the model `now`."""

    was: str
    now: str
    messages: int
    right_was: int
    right_now: int
    changed_messages: list[Message]
    tests: int
    passed_was: int
    passed_now: int
    changed_tests: list[Test]
    conversations: int
    turns: int
    differences: list[dict[str, Any]]


class _Models(NamedTuple):
    was: Dialogue
    now: Dialogue


def other_model(
    model: str, against: str = "", folder: Path = MODELS, state_dir: Path | None = None
) -> Path:
    """What to compare `model` with unless `against` says: the live one, or, if that is itself, the former.

    Where none was live before it, the former is the one trained before it. Raises `FirstlineError`
    when there is no other model.
    """
    versions = Versions(folder, state_dir or folder)
    wanted = against or serving_model(folder, state_dir).name.removesuffix(SUFFIX)
    if not against and wanted == model:
        wanted = _former(versions, model)
    if not wanted or wanted == model:
        raise FirstlineError(
            f"There is nothing to compare {model} with but itself. Change something under data/ and "
            "train, or name two models that `firstline train list` shows"
        )
    return versions.path(wanted)


def _former(versions: Versions, model: str) -> str:
    there = [version.model for version in versions.all()]  # newest first
    live = versions.live()
    if live and live.model == model and live.former in there:
        return live.former
    return next(iter(there[there.index(model) + 1 :]), "") if model in there else ""


def compare(
    was: Path, now: Path, logs: Sequence[Log], progress: Progress | None = None,
    parts: Sequence[str] = PARTS,
) -> Comparison:  # fmt: skip
    """Compares two models; `logs` are the recorded conversations to be taken again."""
    work: dict[str, list[list[Any]]] = {
        MESSAGES: _shared(_message_texts(), 40),
        TESTS: _shared(_test_names(), AT_ONCE),
        REPLAY: _shared(logs, AT_ONCE),
    }
    pieces = [(part, some) for part in parts for some in work[part]]
    found: dict[str, list[Any]] = {part: [] for part in PARTS}
    _load(was, now)
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 4), get_context("fork"), _begin) as pool:
        waiting = {pool.submit(_work, kind, some): kind for kind, some in pieces}
        for number, done in enumerate(as_completed(waiting), start=1):
            found[waiting[done]] += done.result()
            if progress:
                progress("Comparing", number / len(waiting))
    return _summed_up(was.name.split(".")[0], now.name.split(".")[0], found, len(logs))


def _summed_up(was: str, now: str, found: dict[str, list[Any]], logs: int) -> Comparison:
    messages, tests, replayed = (found[part] for part in PARTS)
    return Comparison(
        was, now,
        messages=len(messages),
        right_was=sum(it.was == it.wanted for it in messages),
        right_now=sum(it.now == it.wanted for it in messages),
        changed_messages=[it for it in messages if it.was != it.now],
        tests=len(tests),
        passed_was=sum(before for _, before, _, _ in tests),
        passed_now=sum(after for _, _, after, _ in tests),
        changed_tests=[Test(name, after, faults) for name, before, after, faults in sorted(tests)
                       if before != after],
        conversations=logs,
        turns=sum(it["turns"] for it in replayed),
        differences=[it for one in replayed for it in one["differences"]],
    )  # fmt: skip


def _shared(all: Iterable[Any], size: int) -> list[list[Any]]:
    rows = list(all)
    return [rows[n : n + size] for n in range(0, len(rows), size)]


def _message_texts() -> list[tuple[str, str, str]]:
    read = read_messages(sorted(HELD_OUT.glob("heldout*.yml")))
    return [(message.text, message.family, at.isoformat()) for at, message in read]


def _test_names() -> list[str]:
    return list(load_conversations())


_models: _Models | None = None


def _load(was: Path, now: Path) -> None:
    global _models
    from bot.engine.rasa import prepare

    prepare()
    from bot.engine import rasa_patches
    from bot.engine.dialogue import Dialogue
    from bot.engine.models import content_with

    rasa_patches.apply()
    _remember_states()
    _models = _Models(*(Dialogue(path, content_with(path, _content())) for path in (was, now)))


def _remember_states() -> None:
    """Both models encode the same sentences by the same encoder: once is enough."""
    from bot.nlu.encoder import EncoderUnavailable, sentence_encoder

    try:
        encoder = sentence_encoder()
    except EncoderUnavailable:
        return
    encoder._run = lru_cache(STATES_KEPT)(encoder._run)  # type: ignore[method-assign]


# What follows runs in processes of their own.


def _begin() -> None:
    os.nice(NICE)


def _work(kind: str, some: list[Any]) -> list[Any]:
    assert _models is not None
    if kind == MESSAGES:
        return _messages(_models, some)
    return asyncio.run(_tests(_models, some) if kind == TESTS else _replays(_models, some))


def _messages(models: _Models, some: list[tuple[str, str, str]]) -> list[Message]:
    from bot.nlu.families import family

    found = []
    for text, wanted, at in some:
        names = [it.understand(text, {"at": at})["intent"]["name"] or "" for it in models]
        found.append(Message(text, wanted, *(family(name) for name in names)))
    return found


async def _tests(models: _Models, names: list[str]) -> list[tuple[str, bool, bool, list[str]]]:
    from bot.eval.conversations_run import play

    found = []
    for name in names:
        test = _conversation_tests()[name]
        before, after = [await play(it, _content(), name, test) for it in models]
        faults = after.faults or before.faults
        found.append((name, not before.faults, not after.faults, faults))
    return found


async def _replays(models: _Models, logs: list[tuple[str, list[Event]]]) -> list[Any]:
    from bot.engine.replay import replay

    # As plain values: whoever reads them need not have Rasa.
    return [
        msgspec.to_builtins(await replay(models.was, models.now, _content(), id, events))
        for id, events in logs
    ]


@lru_cache(maxsize=1)
def _content() -> Content:
    return load_content(ROOT / "data")


@lru_cache(maxsize=1)
def _conversation_tests() -> dict[str, Conversation]:
    return load_conversations()
