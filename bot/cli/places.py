"""Which folders belong to which side of the house."""

from __future__ import annotations

# What current Python runs, and what Rasa's Python runs; shared code is held to both.
EDGE_CODE = (
    "bot/edge",
    "bot/mail",
    "bot/clock",
    "bot/followup",
    "bot/privacy",
    "bot/staff",
    "bot/identity",
    "bot/signing.py",
    "bot/cli",
    "bot/supervisor",
    "bot/setup",
    "bench",
)
ENGINE_CODE = ("bot/engine", "bot/nlu", "bot/eval", "actions")
SHARED_CODE = ("bot/case", "bot/conversation", "bot/content", "bot/desk", "bot/handoff",
               "bot/errors.py", "bot/logs.py",
               "bot/redaction.py", "bot/redis_link.py", "bot/settings.py", "bot/training")  # fmt: skip

# Tests that run in the engine environment; all others run in the edge's.
ENGINE_TESTS = ("tests/engine", "tests/nlu", "tests/actions", "tests/eval",
                "tests/conversations")  # fmt: skip

# The benchmark's stock bot: it runs in an environment of its own, made on demand.
STOCK_CODE = "bench/stock"
