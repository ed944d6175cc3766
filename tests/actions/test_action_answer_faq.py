from __future__ import annotations

from typing import Any

from actions.action_answer_faq import CLOSE, LIKELY, ActionAnswerFaq, article_in_words
from actions.turn import operator_content
from bot.case.asking import SOLVED
from bot.case.filing import filed
from tests.actions.harness import AT, NUMBER, Done, draft, run

ARTICLES = operator_content().articles
FIRST, SECOND, *_ = ARTICLES


def ranked(**confidences: float) -> dict[str, Any]:
    return {"articles": [{"name": n, "confidence": c} for n, c in confidences.items()]}


def ask_faq(case: Any = None, articles: Any = None, **more: Any) -> Done:
    return run(ActionAnswerFaq(), case, intent="faq", message=articles or {}, **more)


def test_the_answer_and_whether_that_solved_it() -> None:
    done = ask_faq(articles=ranked(**{FIRST: 0.9, SECOND: 0.9 * CLOSE - 0.01}))
    assert done.said == [article_in_words(ARTICLES[FIRST]), "utter_did_that_solve_it"]
    assert (done.asking, done.case.articles_shown) == (SOLVED, (FIRST,))


def test_the_question_of_an_open_case_waits() -> None:
    case = draft(description="no data")
    done = ask_faq(case, ranked(**{FIRST: 0.9}), asking="device")
    assert done.said == [article_in_words(ARTICLES[FIRST])]
    assert done.asking == "device"
    assert done.case.articles_shown == (FIRST,)
    assert done.case.fields == case.fields


def test_an_article_shown_twice_is_noted_once() -> None:
    case = ask_faq(draft(description="x"), ranked(**{FIRST: 0.9})).case
    assert ask_faq(case, ranked(**{FIRST: 0.9})).case.articles_shown == (FIRST,)


def test_two_close_ones_are_a_choice() -> None:
    done = ask_faq(articles=ranked(**{FIRST: 0.5, SECOND: 0.5 * CLOSE + 0.01}))
    assert done.said == ["utter_which_article"]
    articles = [(ARTICLES[name].title, f'/faq{{"article": "{name}"}}') for name in (FIRST, SECOND)]
    assert done.choices == [*articles, ("None of these", "/help")]


def test_where_none_is_likely_the_best_are_a_choice() -> None:
    done = ask_faq(articles=ranked(**{FIRST: LIKELY - 0.01, SECOND: 0.05}))
    assert done.said == ["utter_which_article"]
    assert [label for label, _ in done.choices][:2] == [
        ARTICLES[FIRST].title,
        ARTICLES[SECOND].title,
    ]


def test_a_choice_is_answered() -> None:
    chosen = [{"entity": "article", "value": SECOND}]
    done = ask_faq(articles=ranked(**{FIRST: 0.9}), entities=chosen, clicked=True)
    assert done.said[0] == article_in_words(ARTICLES[SECOND])


def test_a_question_without_an_article_is_not_answered_with_anything() -> None:
    for articles in ({}, ranked(gone=0.9), {"articles": []}):
        assert ask_faq(articles=articles).said == ["utter_clarify"]


def test_reading_an_article_does_not_file_a_filed_case_again() -> None:
    case = filed(draft(description="x"), NUMBER, AT)
    assert not ask_faq(case, ranked(**{FIRST: 0.9})).case.changed


def test_an_article_in_words_has_its_steps_in_order() -> None:
    for article in ARTICLES.values():
        words = article_in_words(article)
        places = [words.index(step) for step in article.steps]
        assert places == sorted(places)
        assert article.link in words
