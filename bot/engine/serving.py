"""The models that answer customers: the live one, and a former one for conversations begun with it.

The live model can change while customers are served. A conversation goes on with the model it
began with as long as that model is held: for a while after another has replaced it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from bot.case.model import Case
from bot.content import Content
from bot.engine.dialogue import Dialogue, Incoming, Outcome
from bot.engine.models import MODELS, content_with, fingerprint, models_to_serve
from bot.engine.tracker import model_of
from bot.errors import FirstlineError
from bot.training.versions import SUFFIX, Versions

HELD_SECONDS = 2 * 3600.0
MOST_HELD = 2
MOST_TRIED = 4  # to load one that does not work takes seconds, too

log = structlog.get_logger(__name__)

Load = Callable[[Path], Dialogue]


class Serving:
    """Takes turns like one `Dialogue`, each on the model of its conversation."""

    def __init__(
        self, content: Content, state_dir: Path, models: Path = MODELS, load: Load | None = None
    ) -> None:
        self._content = content
        self._models = models
        self._state_dir = state_dir
        self._versions = Versions(models, state_dir)
        self._load = load or self._loaded
        self._last_live: dict[str, float] = {}
        self._held: dict[str, Dialogue] = {}
        self._live = ""
        self._refused = ""

    async def warm_up(self) -> None:
        """Loads the live model, and the one it has replaced a short while ago.

        One that does not work is passed over for the next of `models_to_serve`. Raises
        `FirstlineError` when none of the first few works.
        """
        paths = models_to_serve(self._models, self._state_dir)[:MOST_TRIED]
        for path in paths:
            try:
                await self._make_live(path)
            except Exception as error:  # whatever a foreign model does, customers come first
                log.error("model_unusable", model=_name(path), exc_info=error)
            else:
                break
        if not self._live:
            raise FirstlineError(_none_of(paths))
        if self._live != _name(paths[0]):
            self._refused = _name(paths[0])
        if self._live != fingerprint():
            log.warning("model_older_than_data", model=self._live)
        await self._hold_former()

    async def look(self) -> None:
        """Takes up another live model, if there is one, and lets go of those replaced long ago."""
        try:
            promotion = self._versions.live()
        except (OSError, FirstlineError) as error:
            log.warning("live_model_unknown", reason=str(error))
            return
        wanted = promotion.model if promotion else self._live
        if wanted not in (self._live, self._refused):
            try:
                await self._make_live(self._versions.path(wanted))
            except Exception as error:  # the present model goes on
                self._refused = wanted
                log.error("model_not_taken_up", model=wanted, exc_info=error)
        self._let_go()

    async def turn(self, conversation: str, stored: bytes, case: Case, heard: Incoming) -> Outcome:
        """As `Dialogue.turn`."""
        begun = model_of(stored)
        model = begun if begun in self._held else self._live
        return await self._held[model].turn(conversation, stored, case, heard)

    @property
    def held(self) -> list[str]:
        """The models in memory, the live one last."""
        return sorted(self._held, key=lambda name: name == self._live)

    async def _make_live(self, path: Path) -> None:
        name = _name(path)
        if name not in self._held:
            dialogue = self._load(path)
            await dialogue.warm_up()
            self._held[name] = dialogue
        self._last_live[name] = time.monotonic()
        if self._live:
            self._last_live[self._live] = time.monotonic()
            log.info("model_live", model=name, former=self._live)
        self._live, self._refused = name, ""

    async def _hold_former(self) -> None:
        promotion = self._versions.live()
        if promotion is None or promotion.model != self._live:
            return
        age = time.time() - promotion.at.timestamp()
        path = self._models / f"{promotion.former}{SUFFIX}"
        if promotion.former and age < HELD_SECONDS and path.is_file():
            try:
                self._held[promotion.former] = self._load(path)
                self._last_live[promotion.former] = time.monotonic() - age
            except Exception as error:  # its conversations go on with the live one
                log.warning("former_model_unusable", model=promotion.former, exc_info=error)

    def _let_go(self) -> None:
        others = [name for name in self._held if name != self._live]
        others.sort(key=self._last_live.__getitem__)
        long_ago = time.monotonic() - HELD_SECONDS
        surplus = len(others) - (MOST_HELD - 1)
        for number, name in enumerate(others):
            if number < surplus or self._last_live[name] < long_ago:
                del self._held[name], self._last_live[name]
                log.info("model_let_go", model=name)

    def _loaded(self, path: Path) -> Dialogue:
        return Dialogue(path, content_with(path, self._content))


def _none_of(paths: Sequence[Path]) -> str:
    if not paths:
        return "There is no model. Run `make train`"
    names = ", ".join(path.name for path in paths)
    return f"No model can be loaded, of {names}. Remove them from models/ and run `make train`"


def _name(path: Path) -> str:
    return path.name.removesuffix(SUFFIX)
