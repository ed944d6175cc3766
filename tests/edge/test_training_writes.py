"""What a trainer's label comes to in the files: of a checkout that is written to, and of one that is not."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from bot.conversation.events import CUSTOMER, encode_event, message, owner_event, turn_event
from bot.conversation.keys import conversation_keys
from bot.conversation.store import Conversations
from bot.staff.roles import Role
from bot.training.label import REGRESSIONS
from tests.edge.conftest import problem
from tests.edge.servers import start_edge
from tests.support.checkout import copy_checkout
from tests.support.staff import Colleague, add_account, sign_in

PATH = "/api/v1/staff/train"
ARTICLE = "data/faq/voicemail.yml"
MISREAD = "who records my missed rings"
TEST = f"""\
  - name: {MISREAD}
    steps:
      - customer: {MISREAD}
        understood as: faq/voicemail
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_checkout(tmp_path_factory.mktemp("checkout") / "copy")


@pytest.fixture(params=["written", "read-only"])
async def trainer(
    request: pytest.FixtureRequest, checkout: Path, redis: Redis, redis_url: str, tmp_path: Path
) -> AsyncIterator[Colleague]:
    """A trainer at an edge of the checkout."""
    (checkout / "data").chmod(0o755 if request.param == "written" else 0o555)
    server, url = start_edge(
        tmp_path / "state", redis_url, PYTHONSAFEPATH="1", PYTHONPATH=str(checkout)
    )
    with httpx.Client(base_url=url, timeout=35) as client:
        yield sign_in(client, (await add_account(redis, Role.TRAINER)).login)
    assert server.stop() == 0, "".join(server.output)


async def misread(redis: Redis, text: str = MISREAD) -> str:
    """A message in a conversation of its own; its name in the inbox."""
    conversations, id = Conversations(redis), f"c{len(text)}"
    await conversations.open(id, "hash", "en", [owner_event("bot")])
    event, _ = await conversations.say(id, "m1", message(CUSTOMER, text))
    kind, body, private = encode_event(turn_event(event, {"intent": "out_of_scope"}))
    await redis.xadd(conversation_keys(id).log, {"t": kind, "d": body, "p": private})
    return f"{id}/{event}"


def with_line(before: str, after: str, line: str) -> bool:
    """Whether a text is another with this line added, and nothing else changed."""
    return after.splitlines().count(line) == 1 and after.replace(f"{line}\n", "", 1) == before


async def test_one_click_makes_an_example_and_a_test(
    trainer: Colleague, checkout: Path, redis: Redis, tmp_path: Path
) -> None:
    """In the files with their comments and order kept, or as a patch that does the same to them."""
    article, tests = checkout / ARTICLE, checkout / REGRESSIONS
    before = article.read_text()
    order = {"message": await misread(redis), "label": "faq/voicemail", "test": True}
    done = trainer.post(f"{PATH}/labels", json=order).json()
    assert (done["file"], done["test"]) == (ARTICLE, MISREAD)
    if not done["written"]:
        assert article.read_text() == before
        assert not tests.exists()
        (tmp_path / "training.patch").write_text(trainer.get(f"{PATH}/patch").text)
        (checkout / "data").chmod(0o755)
        subprocess.run(["git", "apply", tmp_path / "training.patch"], cwd=checkout, check=True)
    assert with_line(before, article.read_text(), f"  - {MISREAD}")
    assert tests.read_text().endswith(TEST)
    article.write_text(before)
    tests.unlink()
    await a_label_that_there_is_not_yet(trainer, checkout, redis)


async def a_label_that_there_is_not_yet(trainer: Colleague, checkout: Path, redis: Redis) -> None:
    domain, file = checkout / "domain.yml", checkout / "data" / "how_long.yml"
    before = domain.read_text()
    order = {"message": await misread(redis, "is this nearly over"), "label": "how_long"}
    assert (
        "no rule and no story"
        in problem(trainer.post(f"{PATH}/labels", json={**order, "new": {"answer": ""}}), 422)[
            "detail"
        ]
    )
    done = trainer.post(f"{PATH}/labels", json={**order, "new": {"answer": "Two minutes."}}).json()
    assert done["file"] == "data/how_long.yml"
    assert "5 or more are needed" in done["missing"][0]
    assert file.is_file() == done["written"]
    assert with_line(before, domain.read_text(), "  - how_long") == done["written"]
    labels = trainer.get(f"{PATH}/labels").json()
    assert [it["examples"] for it in labels if it["label"] == "how_long"] == [1]
    assert ("+  - how_long" in trainer.get(f"{PATH}/patch").text) != done["written"]
    domain.write_text(before)
    file.unlink(missing_ok=True)
