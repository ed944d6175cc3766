"""The log as an operator sees it: a child process logs, its stderr is read."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from typing import Any


def logged(script: str) -> list[dict[str, Any]]:
    """The JSON lines that `script` writes to stderr after logging was set up."""
    setup = "import logging, structlog\nfrom bot.logs import configure_logging\n" \
            "configure_logging('edge')\nlog = structlog.get_logger('bot.test')\n"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", setup + textwrap.dedent(script)],
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_line_carries_time_level_process_and_event() -> None:
    (line,) = logged("log.info('ready', port=8080)")
    assert line["at"].endswith("Z")
    assert {k: line[k] for k in ("level", "process", "event", "port", "logger")} == {
        "level": "info", "process": "edge", "event": "ready", "port": 8080, "logger": "bot.test",
    }  # fmt: skip


def test_standard_logging_has_the_same_form() -> None:
    (line,) = logged("logging.getLogger('lib').warning('told %s', 'ann@example.com')")
    assert (line["level"], line["event"]) == ("warning", "told ••@example.com")


def test_nothing_secret_in_fields_or_containers() -> None:
    (line,) = logged("""
        log.info('sent', token='abcdef', to=['bob@example.com'],
                 answer={'authorization': 'Bearer abc', 'text': 'account 8847201193'})""")
    assert line["token"] == "[hidden]"
    assert line["to"] == ["••@example.com"]
    assert line["answer"] == {"authorization": "[hidden]", "text": "account ••1193"}


def test_exceptions_are_one_redacted_line_without_locals() -> None:
    (line,) = logged("""
        card = 'local 4111111111111111'
        try:
            raise ValueError('no smtp://ann:hunter2@mail.example, card 4111 1111 1111 1111')
        except ValueError:
            log.exception('failed')""")
    assert "ValueError" in line["exception"]
    assert "hunter2" not in line["exception"]
    assert "1111" not in line["exception"].split("ValueError:", 1)[1]


def test_below_info_and_handlers_of_others_are_dropped() -> None:
    lines = logged("""
        logging.getLogger('x').debug('no')
        log.debug('no')
        log.error('yes')""")
    assert [line["event"] for line in lines] == ["yes"]


def test_lone_surrogates_and_long_text_keep_the_line_readable() -> None:
    surrogate, long = logged(r"""
        log.info('text', text='\ud800 end')
        log.info('text', text='x' * 100_000)""")
    assert surrogate["text"].endswith(" end")
    assert len(long["text"]) < 10_000
