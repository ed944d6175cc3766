from __future__ import annotations

import json

from bot.supervisor.line import Line, parse_json, parse_redis


def test_json_becomes_words_for_people() -> None:
    line = parse_json(json.dumps({"event": "mail sent", "level": "warning", "process": "courier",
                                  "at": "2026-11-22T08:30:57Z", "logger": "bot.mail", "to": "a b",
                                  "seconds": 0.4, "exception": "Traceback\n  x\nOSError: gone"}))  # fmt: skip
    text = line.as_text("courier", colour=False)
    assert (
        text.split(" ", 1)[1] == 'courier   WARNING mail sent to="a b" seconds=0.4 (OSError: gone)'
    )
    assert json.loads(line.as_json("courier"))["logger"] == "bot.mail"


def test_a_line_of_the_terminal_is_one_line() -> None:
    assert Line("\x1b[93mfirst\n  second\x1b[0m").as_text("engine", colour=False).endswith(
        " first second")  # fmt: skip


def test_words_and_broken_json_are_kept() -> None:
    assert parse_json("Traceback (most recent call last):").event.startswith("Traceback")
    assert parse_json('["event"]').event == '["event"]'
    assert parse_json('{"event": 1}').level == "info"


def test_redis_lines() -> None:
    head = "42:M 22 Nov 2026 08:30:57.123"
    assert parse_redis(f"{head} * Ready to accept connections tcp") == Line("ready")
    assert parse_redis(f"{head} # Bad file format").level == "warning"
    assert parse_redis(f"{head} # Redis is now ready to exit, bye bye...").level == "debug"
    assert parse_redis("Fatal error").event == "Fatal error"
