"""Log lines: one JSON object each on stderr, redacted, the same from every process.

A process calls `configure_logging("edge")` once in its main, then uses
`structlog.get_logger(__name__)`. Lines of libraries that use the standard `logging` come out in
the same form. The line whose event is `ready` tells the supervisor that the process is ready.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.redaction import redact_value

READY = "ready"
LONGEST_TEXT = 8_000
# Libraries that tell of every step at level INFO.
CHATTY = (
    "rasa",
    "rasa_sdk",
    "sanic",
    "apscheduler",
    "asyncio",
    "mail.log",
    "httpx",
    "httpx2",
    "matplotlib",
)
# What the processors below add themselves and may not be altered.
_OWN = frozenset({"at", "level", "process", "_record", "_from_structlog"})


def configure_logging(process: str, level: str = "INFO") -> None:
    """Send everything logged in this process to stderr as redacted JSON lines.

    `process` stands in every line (`edge`, `engine`, …). Handlers set up by others are removed, so
    call it after importing libraries that configure logging themselves (Rasa does).
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _process_name(process),
                _redacted,
                _json_line,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Warnings of libraries are for developers, who see them in the tests.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)


def _process_name(process: str) -> Processor:
    def add(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return {"at": event.pop("at", ""), "level": event.pop("level", ""), "process": process,
                "event": event.pop("event", ""), **event}  # fmt: skip

    return add


def _redacted(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {key: value if key in _OWN else _bounded(redact_value(_bounded(value), key))
            for key, value in event.items()}  # fmt: skip


def _bounded(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        half = LONGEST_TEXT // 2
        return f"{value[:half]} … {value[-half:]}"
    return value


def _json_line(_: WrappedLogger, __: str, event: EventDict) -> str:
    # Lone surrogates can stand in text from outside; escaping keeps the line valid UTF-8.
    return json.dumps(event, default=str, ensure_ascii=False).encode(
        "utf-8", "backslashreplace").decode()  # fmt: skip
