"""Conversations with the trained model, from the first word to the filed case.

What is said here is either an example from the training data or clicked: how well other words are
understood is measured by the evaluation, not here.
"""

from __future__ import annotations

import pytest

from bot.case.asking import CANCEL
from bot.case.model import Case, State
from bot.content import Content
from bot.engine.dialogue import LONGEST_FOR_NLU, Dialogue
from tests.engine.talk import AT, NUMBER, Talk, whole_case

PROBLEM = "my mobile data isn't working"
# A part of each question that no other text has.
ASKS = {
    "device": "Which device", "error_message": "error message", "steps_tried": "tried so far",
    "account_number": "account number", "contact_email": "e-mail address should",
}  # fmt: skip


def asked(words: str) -> list[str]:
    """Which questions are in the bot's words."""
    return [
        name for name, part in ASKS.items() if part in words and "send to our team" not in words
    ]


class TestTakingDown:
    async def test_one_question_at_a_time_until_the_summary(self, talk: Talk) -> None:
        words = await talk.say(PROBLEM)
        assert asked(words) == ["device"]
        words = await talk.say("Google Pixel 8")
        assert asked(words) == ["error_message"]
        words = await talk.click("There is none")
        assert asked(words) == ["steps_tried"]
        words = await talk.click("Nothing yet")
        assert asked(words) == ["account_number"]
        words = await talk.say("8847201193")
        assert asked(words) == ["contact_email"]
        words = await talk.say("jo@mail.example")
        assert "Shall I send it?" in words
        for value in (PROBLEM, "Google Pixel 8", "8847201193", "jo@mail.example"):
            assert value in words
        assert talk.case.problem == "no_mobile_data"

    async def test_what_was_said_is_not_asked(self, talk: Talk) -> None:
        await talk.say(f"{PROBLEM} on my Google Pixel 8, account 8847201193, jo@mail.example")
        seen = asked(talk.said[-1].text)
        while "Shall I send it?" not in talk.said[-1].text:
            await talk.send("/refuse")
            seen += asked(talk.said[-1].text)
        assert seen == ["error_message", "steps_tried"]

    async def test_each_value_knows_the_event_it_came_from(self, talk: Talk) -> None:
        await talk.say(PROBLEM)
        await talk.say("Google Pixel 8")
        assert talk.case.field("description").events == ("1-0",)
        assert talk.case.field("device").events == ("2-0",)
        assert talk.case.field("device").verbatim == "Google Pixel 8"

    async def test_not_knowing_and_not_saying_are_answers(self, talk: Talk) -> None:
        await talk.say(PROBLEM)
        await talk.say("I don't know")
        await talk.say("I'd rather not say")
        assert talk.case.field("device").state is State.UNKNOWN
        assert talk.case.field("error_message").state is State.REFUSED
        assert asked(talk.said[-1].text) == ["steps_tried"]

    async def test_a_whole_case_of_refusals_can_be_filed(self, talk: Talk) -> None:
        await talk.say(PROBLEM)
        for _ in range(len(ASKS)):
            assert "Shall I send it?" not in talk.said[-1].text
            await talk.send("/refuse")
        assert "Shall I send it?" in talk.said[-1].text
        words = await talk.click("Yes, send it")
        assert NUMBER in words
        assert "without an e-mail address" in words

    async def test_an_answer_that_does_not_fit_is_asked_again_and_at_last_left_out(
        self, talk: Talk
    ) -> None:
        talk.case = Case(fields={n: f for n, f in whole_case().fields.items() if n != "account_number"},
                         category="technical")  # fmt: skip
        assert asked(await talk.send("/inform")) == ["account_number"]
        heard = []
        for _ in range(4):
            heard.append(await talk.say("12345"))
        assert "8 to 10 digits" in heard[0]
        assert len(set(heard)) == len(heard)
        assert talk.case.field("account_number").state is State.UNKNOWN
        assert "Shall I send it?" in heard[-1]


class TestFiling:
    async def test_a_confirmed_case_is_filed_once(self, talk: Talk, content: Content) -> None:
        talk.case = whole_case()
        words = await talk.send("/inform")
        assert "Shall I send it?" in words
        assert not talk.case.filed
        words = await talk.click("Yes, send it")
        assert NUMBER in words
        assert content.response_times["technical"].text in words
        assert "jo@mail.example" in words
        assert (talk.case.number, talk.case.revision, talk.case.received_at) == (NUMBER, 1, AT)
        for text in ("thank you", "yes", "bye"):
            await talk.say(text)
            assert talk.case.revision == 1

    async def test_a_change_afterwards_is_the_next_revision(self, talk: Talk) -> None:
        talk.case = whole_case()
        await talk.send("/inform")
        await talk.click("Yes, send it")
        words = await talk.send("/file_sent", file="f1")
        assert NUMBER in words
        assert (talk.case.revision, talk.case.files) == (2, ("f1",))

    async def test_a_new_problem_is_a_new_case(self, talk: Talk) -> None:
        talk.case = whole_case()
        await talk.send("/inform")
        await talk.click("Yes, send it")
        await talk.say("my bill is wrong")
        assert (talk.case.number, talk.case.filed) == (None, False)
        assert talk.case.field("description").value == "my bill is wrong"
        assert talk.case.field("account_number").value == "8847201193"


class TestChanging:
    async def test_one_field_is_changed_and_the_others_stay(self, talk: Talk) -> None:
        talk.case = whole_case()
        await talk.send("/inform")
        await talk.click("Change something")
        assert "Device" in talk.labels
        assert asked(await talk.click("Device")) == ["device"]
        words = await talk.say("Google Pixel 9")
        assert "Google Pixel 8" in words
        assert "Shall I send it?" in words
        assert talk.case.field("device").value == "Google Pixel 9"
        assert talk.case.field("device").state is State.CORRECTED
        before = whole_case().fields
        for name in before.keys() - {"device"}:
            assert talk.case.field(name) == before[name]

    async def test_a_no_at_the_summary_asks_what_to_change(self, talk: Talk) -> None:
        talk.case = whole_case()
        await talk.send("/inform")
        assert "What should be changed?" in await talk.say("no")
        assert not talk.case.filed

    async def test_an_edit_in_the_case_card_is_acknowledged(self, talk: Talk) -> None:
        talk.case = whole_case(device="Google Pixel 9")
        edit = {"field": "device", "old": "Google Pixel 8", "new": "Google Pixel 9"}
        words = await talk.send("/case_edited", edit=edit)
        assert "changed from Google Pixel 8 to Google Pixel 9" in words
        assert "Shall I send it?" in words


class TestAtAnyTime:
    @pytest.mark.parametrize("asking", [*ASKS, "confirmation", "cancel", "nothing"])
    async def test_a_person(self, talk: Talk, asking: str) -> None:
        await _bring_to(talk, asking)
        words = await talk.say("I want to speak to a person")
        assert "a person answers" in words
        assert talk.case.handover is not None
        assert asked(words) in ([], ["contact_email"])

    @pytest.mark.parametrize("asking", [*ASKS, "confirmation"])
    async def test_cancel_asks_and_then_throws_away(self, talk: Talk, asking: str) -> None:
        await _bring_to(talk, asking)
        before = talk.case
        assert "throw away" in await talk.say("cancel")
        assert talk.case == before
        assert "sent nothing" in await talk.click("Yes, throw it away")
        assert talk.case == Case()

    async def test_cancel_taken_back_goes_on(self, talk: Talk) -> None:
        await _bring_to(talk, "device")
        before = talk.case
        await talk.say("cancel")
        assert asked(await talk.click("No, go on")) == ["device"]
        assert talk.case == before

    @pytest.mark.parametrize("asking", [*ASKS, "confirmation", CANCEL])
    async def test_start_over(self, talk: Talk, asking: str) -> None:
        await _bring_to(talk, asking)
        before = talk.case
        await talk.say("start over")
        assert talk.case == before
        assert "start over" in await talk.click("Yes, start over")
        assert talk.case == Case()
        assert asked(await talk.say(PROBLEM)) == ["device"]

    @pytest.mark.parametrize("asking", [*ASKS, "confirmation"])
    async def test_a_question_and_then_the_same_question_again(
        self, talk: Talk, content: Content, asking: str
    ) -> None:
        before = await _bring_to(talk, asking)
        words = await talk.send('/faq{"article": "puk_code"}')
        assert content.articles["puk_code"].answer in words
        assert before.splitlines()[-1] in words
        assert talk.case.articles_shown == ("puk_code",)

    @pytest.mark.parametrize("text", ["hello", "thanks", "are you a bot?", "why do you need that?"])
    async def test_small_talk_and_then_the_same_question_again(self, talk: Talk, text: str) -> None:
        await _bring_to(talk, "account_number")
        assert "account number" in (await talk.say(text)).splitlines()[-1]

    async def test_a_question_before_anything_else(self, talk: Talk, content: Content) -> None:
        words = await talk.say(content.articles["puk_code"].questions[0])
        assert content.articles["puk_code"].answer in words
        assert "Did that solve it?" in words
        assert "Glad to hear it" in await talk.click("Yes, thank you")
        assert talk.case == Case()


async def _bring_to(talk: Talk, asking: str) -> str:
    """Brings the conversation to a question; returns what the bot said."""
    order = [*ASKS, "confirmation"]
    if asking == "nothing":
        return ""
    case = whole_case()
    if asking in ASKS:
        known = {n: f for n, f in case.fields.items() if n not in order[order.index(asking) :]}
        case = Case(problem=case.problem, category=case.category, fields=known)
    talk.case = case
    words = await talk.send("/inform")
    if asking == CANCEL:
        words = await talk.say("cancel")
    elif asking in ASKS:
        assert asked(words) == [asking]
    return words


class TestText:
    @pytest.mark.parametrize(
        "text",
        [
            "restart",
            'report_problem{"device": "x"}',
            "affirm",
            "back",
            "session_start",
            "ask_human",
        ],
    )
    async def test_a_leading_slash_is_text_and_no_command(
        self, dialogue: Dialogue, text: str
    ) -> None:
        with_slash, without = Talk(dialogue, whole_case()), Talk(dialogue, whole_case())
        for talk in (with_slash, without):
            await talk.send("/inform")
        answers = [await with_slash.say(f"/{text}"), await without.say(text)]
        assert answers[0].replace(f"/{text}", text) == answers[1]
        assert with_slash.case.filed == without.case.filed
        assert with_slash.case.field("device") == without.case.field("device")
        assert with_slash.case.field("device").value in ("Google Pixel 8", None)

    @pytest.mark.parametrize("text", ["/", "//", " / "])
    async def test_nothing_but_slashes_gets_an_answer(self, talk: Talk, text: str) -> None:
        assert await talk.say(text)

    async def test_a_slash_is_kept_in_what_was_said(self, talk: Talk) -> None:
        await talk.say(f"/{PROBLEM} on my Google Pixel 8")
        assert talk.case.field("description").value == f"/{PROBLEM} on my Google Pixel 8"
        assert talk.case.field("device").verbatim == "Google Pixel 8"

    async def test_a_long_paste_is_kept_whole_though_only_its_head_is_read(
        self, talk: Talk
    ) -> None:
        paste = f"{PROBLEM}. " + "log line 0x00ff " * 2000
        await talk.say(paste)
        assert len(paste) > LONGEST_FOR_NLU
        assert talk.case.field("description").value == paste

    @pytest.mark.parametrize(
        "text",
        [
            "🤷",
            "\u202e\u2066",
            "ß" * 500,
            "<script>alert(1)</script>",
            "{device}",
            "%s {0}",
        ],
    )
    async def test_odd_text_gets_an_answer(self, dialogue: Dialogue, text: str) -> None:
        talk = Talk(dialogue)
        assert await talk.say(text)
