"""Tests of the tests: a fault put into the code on purpose makes them fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.settings import ROOT
from tests.faults import oracle
from tests.faults.customer import Customer, Ledger

COPIED = ("bot", "data", "tests")
FAILED = 1  # pytest's exit status when tests failed, and nothing worse happened
SCRIPTS = "bot/conversation/scripts"
STORE = ("tests/conversation/test_store.py", "tests/conversation/test_work.py")


@dataclass(frozen=True)
class Mistake:
    """What is changed in which file, and the tests that must notice."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...] = STORE


MISTAKES = (
    Mistake(
        "a commit ignores the epoch", f"{SCRIPTS}/commit_turn.lua",
        "if meta[1] ~= 'bot' or meta[2] ~= ARGV[3] then", "if meta[1] ~= 'bot' then",
    ),
    Mistake(
        "a commit ignores the claim", f"{SCRIPTS}/commit_turn.lua",
        "if redis.call('HGET', KEYS[READY_CLAIMS], ARGV[1]) ~= ARGV[2] then", "if false then",
    ),
    Mistake(
        "what was acknowledged is not kept", f"{SCRIPTS}/say.lua",
        "return {id, 1}", "redis.call('XDEL', KEYS[2], id)\nreturn {id, 1}",
    ),
    Mistake(
        "a message sent again is a second one", f"{SCRIPTS}/say.lua",
        "if known then", "if false then",
    ),
    Mistake(
        "a mail counts as sent whatever the server said", "bot/mail/worker.py",
        "if delivery.outcome is Outcome.SENT:", "if delivery.outcome:",
        ("tests/mail/test_faults.py", "-k", "refusal_for_good or a_server_that_is_away"),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code, its tests and what they read."""
    to = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", to)
    return to


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_noticed(copy: Path, mistake: Mistake) -> None:
    file = copy / mistake.file
    right = file.read_text()
    assert right.count(mistake.old) == 1
    file.write_text(right.replace(mistake.old, mistake.new))
    try:
        code, output = run(copy, *mistake.tests)
    finally:
        file.write_text(right)
    assert code == FAILED, output


def test_without_a_mistake_they_pass(copy: Path) -> None:
    code, output = run(copy, *STORE)
    assert code == 0, output


def run(folder: Path, *tests: str) -> tuple[int, str]:
    """These tests of the copy; pytest's exit status and what it said."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=folder, env=own, capture_output=True, text=True, timeout=180, check=False
    )
    return done.returncode, done.stdout[-3000:]


class Log(Customer):
    """A customer whose log is the one given."""

    def __init__(self, *events: str) -> None:
        super().__init__(httpx.AsyncClient(), Ledger())
        self.id, self._kept = "c", events

    async def events(self, after: str = "0-0", wait: int = 0) -> dict[str, object]:
        return {"events": [{"id": id} for id in self._kept], "cursor": ""}


async def settled(ledger: Ledger, customer: Customer, mailbox: Path) -> dict[str, object]:
    """What the oracle notes of a ledger that it must not accept."""
    noted: dict[str, object] = {}
    with pytest.raises(AssertionError):
        await oracle.settle(1, mailbox, ledger, [customer], noted.__setitem__)
    return noted


async def test_the_oracle_misses_a_message_that_is_not_in_the_log(tmp_path: Path) -> None:
    ledger = Ledger()
    await ledger.note("c", "1-0", "kept")
    await ledger.note("c", "2-0", "lost")
    assert (await settled(ledger, Log("1-0"), tmp_path))["lost"] == 1


async def test_the_oracle_misses_a_mail_that_never_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oracle, "PATIENCE", 0.0)
    ledger = Ledger()
    await ledger.note("c", "1-0", "yes")
    await ledger.note_filed("c", "FL-AAAAAA")
    store(tmp_path, "FL-AAAAAA", "queue@meadow.example", "<1@meadow.example>")
    assert (await settled(ledger, Log("1-0"), tmp_path))["lost"] == 1


def test_two_message_ids_for_one_mail_are_noticed(tmp_path: Path) -> None:
    for id in ("<1@meadow.example>", "<2@meadow.example>"):
        store(tmp_path, "FL-AAAAAA", "queue@meadow.example", id)
    with pytest.raises(AssertionError):
        oracle.one_message_id_each(tmp_path)


def store(mailbox: Path, case: str, to: str, message_id: str) -> None:
    """Puts a mail into the mailbox."""
    folder = mailbox / "new"
    folder.mkdir(exist_ok=True)
    head = {"X-Firstline-Case": case, "X-Firstline-Revision": "1", "Delivered-To": to,
            "Subject": case, "Message-ID": message_id}  # fmt: skip
    text = "".join(f"{name}: {value}\n" for name, value in head.items())
    (folder / message_id).write_text(f"{text}\n")
