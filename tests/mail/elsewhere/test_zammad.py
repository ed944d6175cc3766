"""Cases as tickets: one ticket a case, one article a revision, whatever breaks in between."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.mail.attachments import Attachment
from bot.mail.elsewhere.parcel import Parcel
from bot.mail.elsewhere.zammad import Zammad
from bot.mail.smtp import Outcome
from tests.mail.elsewhere.http_server import BREAK_OFF, Server, running
from tests.mail.elsewhere.zammad_stand_in import TOKEN, Desk
from tests.mail.sample import CUSTOMER, FIELDS, document

PICTURE = Attachment("shot.png", "image/png", b"\x89PNG")
NOBODY = "support@meadow.example"


@pytest.fixture
def help_desk() -> Desk:
    return Desk()


@pytest.fixture
def server(help_desk: Desk) -> Iterator[Server]:
    with running(help_desk.answer) as it:
        yield it


@pytest.fixture
async def zammad(server: Server) -> AsyncIterator[Zammad]:
    carrier = Zammad(server.url, TOKEN, "Service Desk", NOBODY, lambda parcel: "the case")
    yield carrier
    await carrier.close()


def parcel(**changes: object) -> Parcel:
    return Parcel("zammad", "id", document(**changes), [PICTURE])


async def test_the_first_revision_makes_a_ticket(zammad: Zammad, help_desk: Desk) -> None:
    assert (await zammad.carry(parcel())).outcome is Outcome.SENT
    (ticket,) = help_desk.tickets.values()
    assert ticket["title"] == document().subject
    assert (ticket["group"], ticket["priority_id"]) == ("Service Desk", 2)
    assert ticket["customer_id"] == f"guess:{CUSTOMER}"
    (article,) = help_desk.articles
    assert (article["body"], article["internal"]) == ("the case", True)
    case, picture = article["attachments"]
    assert json.loads(base64.b64decode(case["data"]))["case"] == document().case
    assert (case["filename"], picture["filename"]) == ("case.json", "shot.png")


async def test_a_further_revision_is_an_article_of_the_same_ticket(
    zammad: Zammad, help_desk: Desk
) -> None:
    await zammad.carry(parcel())
    await zammad.carry(parcel(revision=2))
    assert len(help_desk.tickets) == 1
    assert [it["subject"] for it in help_desk.articles] == [
        "FL-7K3M2Q revision 1", "FL-7K3M2Q revision 2",
    ]  # fmt: skip


async def test_carried_again_nothing_is_doubled(zammad: Zammad, help_desk: Desk) -> None:
    for revision in (1, 1, 2, 2, 1):
        assert (await zammad.carry(parcel(revision=revision))).outcome is Outcome.SENT
    assert (len(help_desk.tickets), len(help_desk.articles)) == (1, 2)


@pytest.mark.parametrize("call", range(4))
async def test_broken_off_at_any_call_it_is_finished_by_the_next_try(
    zammad: Zammad, help_desk: Desk, server: Server, call: int
) -> None:
    await zammad.carry(parcel())
    server.faults = [(200, False)] * call + [(BREAK_OFF, False)]
    outcomes = [(await zammad.carry(parcel(revision=2))).outcome for _ in range(3)]
    assert outcomes[-1] is Outcome.SENT
    assert Outcome.REFUSED not in outcomes
    assert (len(help_desk.tickets), len(help_desk.articles)) == (1, 2)


async def test_a_customer_without_address_is_nobody(zammad: Zammad, help_desk: Desk) -> None:
    without = {name: field for name, field in FIELDS.items() if name != "contact_email"}
    await zammad.carry(parcel(fields=without))
    assert help_desk.tickets[1]["customer_id"] == f"guess:{NOBODY}"


async def test_a_wrong_token_is_ours_to_mend(server: Server) -> None:
    carrier = Zammad(server.url, "wrong", "Users", NOBODY, lambda parcel: "")
    delivery = await carrier.carry(parcel())
    await carrier.close()
    assert (delivery.outcome, delivery.alarm) == (Outcome.DEFERRED, True)


async def test_a_group_that_is_not_there_is_a_dead_letter(server: Server) -> None:
    carrier = Zammad(server.url, TOKEN, "None such", NOBODY, lambda parcel: "")
    delivery = await carrier.carry(parcel())
    await carrier.close()
    assert (delivery.outcome, delivery.alarm) == (Outcome.REFUSED, True)


async def test_nobody_there(zammad: Zammad) -> None:
    away = Zammad("http://127.0.0.1:1", TOKEN, "Users", NOBODY, lambda parcel: "")
    assert (await away.carry(parcel())).outcome is Outcome.DEFERRED
    await away.close()
