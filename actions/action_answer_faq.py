"""Answers a question from the knowledge base."""

from __future__ import annotations

from typing import Any

import msgspec
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.known_incident import tell_all
from actions.turn import ASKING, Turn, ask, keep_case
from bot.case.asking import SOLVED
from bot.case.fields import DESCRIPTION, FIELD_NAMES
from bot.content.records import Article

CLOSE = 0.8
LIKELY = 0.35
ARTICLE = "article"


class ActionAnswerFaq(Action):
    """Two close candidates become a choice; an open case goes on afterwards.

    A question that was open stays so beside the choice: the answer to it may come instead of a click.
    """

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_answer_faq"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The article noted in the case."""
        turn = Turn(tracker)
        names = _candidates(turn)
        if not names:
            dispatcher.utter_message(response="utter_clarify")
            return []
        if len(names) > 1:
            dispatcher.utter_message(response="utter_which_article", buttons=_choices(turn, names))
            return [SlotSet(ASKING, turn.asking)] if turn.asking in FIELD_NAMES else ask(ARTICLE)
        article = turn.content.articles[names[0]]
        if article.incidents:
            tell_all(dispatcher, turn)
        dispatcher.utter_message(text=article_in_words(article))
        shown = tuple(dict.fromkeys((*turn.case.articles_shown, names[0])))
        events = keep_case(msgspec.structs.replace(turn.case, articles_shown=shown))
        if turn.case.field(DESCRIPTION).settled:
            return events
        dispatcher.utter_message(response="utter_did_that_solve_it")
        return [*events, *ask(SOLVED)]


def article_in_words(article: Article) -> str:
    """The answer with its steps and its link."""
    steps = "\n".join(f"{n}. {step}" for n, step in enumerate(article.steps, start=1))
    return "\n".join(part for part in (article.answer, steps, article.link) if part)


def _candidates(turn: Turn) -> list[str]:
    """The article that was clicked on, else the best one, with others nearly as good.

    Where none is likely, the customer chooses among the best.
    """
    clicked = turn.clicked_on(ARTICLE)
    if clicked in turn.content.articles:
        return [clicked]
    ranked = turn.message.get("articles") or []
    known = [found for found in ranked if found["name"] in turn.content.articles]
    best = known[0]["confidence"] if known else 0.0
    least = CLOSE * best if best >= LIKELY else 0.0
    return [found["name"] for found in known if found["confidence"] >= least]


def _choices(turn: Turn, names: list[str]) -> list[dict[str, str]]:
    payload = "/faq" + '{{"article": "{}"}}'
    titles = ((name, turn.content.articles[name].title) for name in names)
    none = {"title": "None of these", "payload": "/help"}
    return [*({"title": title, "payload": payload.format(name)} for name, title in titles), none]
