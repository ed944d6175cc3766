"""Where the lines of all programs go: the terminal, and one rotated JSON file for each."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
from pathlib import Path
from typing import TextIO

from bot.supervisor.line import Line

FILE_BYTES = 10_000_000
FILES_KEPT = 3


class Output:
    """Writes each line twice; a full disk or a closed terminal never stops the programs."""

    def __init__(self, folder: Path, terminal: TextIO = sys.stdout) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._terminal: TextIO | None = terminal
        self._colour = terminal.isatty() and not os.environ.get("NO_COLOR")
        self._files: dict[str, logging.Handler] = {}

    def line(self, process: str, line: Line) -> None:
        """One line of `process`; debug lines go to the file only."""
        self._to_file(process, line.as_json(process))
        if line.level != "debug":
            self.say(line.as_text(process, self._colour))

    def say(self, text: str) -> None:
        """Text for the terminal alone."""
        try:
            if self._terminal:
                print(text, file=self._terminal, flush=True)
        except (OSError, ValueError):
            self._terminal = None

    def close(self) -> None:
        """Close the files."""
        for handler in self._files.values():
            handler.close()
        self._files.clear()

    def _to_file(self, process: str, text: str) -> None:
        if process not in self._files:
            handler = _QuietFile(self._folder / f"{process}.log", maxBytes=FILE_BYTES,
                                 backupCount=FILES_KEPT, encoding="utf-8",
                                 errors="backslashreplace", delay=True)  # fmt: skip
            self._files[process] = handler
        self._files[process].handle(logging.makeLogRecord({"msg": text}))


class _QuietFile(logging.handlers.RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """A line that cannot be written is lost; the terminal has it."""
