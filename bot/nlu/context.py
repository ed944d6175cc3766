"""What a message means in the light of what the bot has just asked.

A sentence on its own is often one thing and as an answer another: "yes, send my complaint" after
the summary is a yes, "Meadow Hub 3" after "which device?" is no question about the Hub. Pure: it
changes the intent that the classifier found, and nothing else.
"""

from __future__ import annotations

import re
from typing import Any

from bot.case import fields as names
from bot.case.asking import KIND
from bot.nlu.answers import read_answer
from bot.nlu.leftover import is_question, other_words, without_quoted
from bot.nlu.yes_or_no import YES_OR_NO, yes_or_no

Parsed = dict[str, Any]

# Wishes that stand whatever was asked.
FIRM = frozenset({"ask_human", "complaint", "refuse"})
# Wishes that stand unless the message answers the question.
RATHER_FIRM = frozenset({"cancel", "start_over"})
UNSURE = LIKELY = 0.5
OF_SOME_KIND = 0.75
FIRMLY = 0.9
A_FEW_WORDS, A_SENTENCE = 3, 4
SURE = 0.99
FREE_TEXT = (
    names.ERROR_MESSAGE, names.STEPS_TRIED, names.LOCATION, names.STARTED, names.PREVIOUS_CONTACT,
    names.DEVICE, names.OS_VERSION,
)  # fmt: skip
TROUBLE = (names.DEVICE, names.ERROR_MESSAGE, "step")
FACTS = (names.ACCOUNT_NUMBER, names.STARTED, *TROUBLE)
CHATTER = 6
WHO = frozenset({names.ACCOUNT_NUMBER, names.CONTACT_EMAIL, names.CONTACT_PHONE})
SHOWN = (names.ERROR_MESSAGE, names.DEVICE)
NO_ANSWERS = ("dont_know", "frustration")
OUTCOMES = ("solved", "not_solved")
TELLING = ("report_problem", "inform")
# What the name of a kind of problem, or which of several, is easily taken for.
CHOOSING = (
    "out_of_scope",
    "complaint",
    "faq",
    "affirm",
    "deny",
    "solved",
    "not_solved",
    "dont_know",
    "change_field",
)

_SKIPS = re.compile(r"\W*(?:please )?(?:skip|next|pass)(?: (?:it|this|that|one|question|please))*\W*", re.IGNORECASE)  # fmt: skip
_COMPLAINS = re.compile(
    r"\b(?:mak\w+|lodg\w+|rais\w+|log(?:ged)?|formal(?:ly)?|official(?:ly)?|as) (?:(?:an?|this|my|formal|official) ){0,3}complain(?:t|ing)\b",
    re.IGNORECASE,
)
# "Are you a real employee?": what the bot is, whatever word is used for it.
_WHAT_ARE_YOU = re.compile(
    r"\b(?:are (?:yo)?u|r u|is this|am i (?:talking|speaking|chatting|writing) (?:to|with))(?: \w+){0,3}? (?:an? )?(?:real |actual |live |human )*"
    r"(?:humans?|persons?|bots?|robots?|machines?|employees?|programs?|computers?|staff|somebody|someone|human being|ai)\b",
    re.IGNORECASE,
)
# Without one of these words hardly anybody wants a person.
_SOMEBODY = re.compile(
    r"\b(?:humans?|persons?|people|agents?|advis[eo]rs?|some(?:one|body)|any(?:one|body)|staff|managers?|supervisor|"
    r"representatives?|operators?|colleagues?|engineers?|technicians?|call(?:ed|ing)?|ring|phone me|speak|talk|chat|bots?|robots?|machine)\b",
    re.IGNORECASE,
)
# Said instead of an answer: "what message?", "I already said".
_ASKS_BACK = re.compile(r"\W*(?:what|which|huh|eh|hm+|pardon|come again)(?: (?:do you mean|\w+))?\W*", re.IGNORECASE)  # fmt: skip
_TOLD_BEFORE = re.compile(
    r"\b(?:(?:already|just) (?:said|told|gave|answered|wrote)|(?:told|gave) you (?:that|this|it|already|before)|said (?:that|this|it|all that|all this) (?:already|before))\b",
    re.IGNORECASE,
)
_AROUND_TOLD = frozenset(
    "i've have has all this that you the before already just once twice hello now but and it's".split()
)
_TRIED = re.compile(
    r"\W*(?:i(?:'ve| have)? )?(?:already |just )?(?:tried|did|done|\w+ed (?:it|the|my))\b",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"\b(?:work\w*|fix\w*|sort\w*|solv\w*|help\w*|fine|back|better|change\w*|difference|luck|same|still|nothing|again)\b",
    re.IGNORECASE,
)
_MOODS = {
    "😡🤬😠👿💢🖕😤": "frustration",
    "🤷🤔😕❓": "dont_know",
    "🙏💚😊🙂❤": "thanks",
    "👋": "greet",
}
_THUMBS = re.compile("[👍👎]")
_MOODS_ONLY = re.compile(
    f"(?=[^\\x00-\\x7f])(?:[{''.join(_MOODS)}👍👎✅❌📱😀-🙏\U0001f3fb-\U0001f3ff]|[\ufe0f\u200d♀♂\\s!?.])+"
)
_AN_ADDRESS_BEGUN = re.compile(
    r"\W*(?:it'?s )?[\w.-]+ at [\w.-]+\W*", re.IGNORECASE
)  # "info at home"
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[A-Za-z']{3,}")


def in_context(parsed: Parsed, asking: str | None, begun: bool) -> Parsed:
    """`parsed` (as Rasa's NLU returns it) with the intent it has in the conversation.

    asking: what the bot has just asked for, a field or one of bot.case.intake's; begun: whether a
    case is being taken down.
    """
    intent = _intent(parsed | {"text": without_quoted(parsed["text"])}, asking, begun)
    if intent is None or intent == parsed["intent"].get("name"):
        return parsed
    return parsed | {"intent": {"name": intent, "confidence": SURE}}


def _intent(parsed: Parsed, asking: str | None, begun: bool) -> str | None:
    """The intent that the context makes certain; None where the classifier's stands."""
    text: str = parsed["text"]
    name, confidence = parsed["intent"].get("name"), parsed["intent"].get("confidence", 0.0)
    if _MOODS_ONLY.fullmatch(text):
        return _mood(text, asking)
    if _WHAT_ARE_YOU.search(text) and is_question(text) and not parsed["entities"]:
        return "bot_challenge"
    if _says_only_who(parsed) or (name == "complaint" and _answers_with_who(parsed, asking)):
        return "inform"
    if asking in names.FIELD_NAMES and _says_nothing_new(parsed):
        return "why_ask" if _ASKS_BACK.fullmatch(text) else "frustration"
    if asking in YES_OR_NO:
        return yes_or_no(parsed, asking)
    if asking in names.FIELD_NAMES and _SKIPS.fullmatch(text):
        return "skip_question"
    if asking in names.FIELD_NAMES and not _LETTER.search(text) and re.search(r"\d", text):
        return "inform"  # a number alone is an answer, never a wish
    if asking == KIND and name in CHOOSING and not is_question(text):
        return "inform"  # whatever it is called, one of the kinds
    if (
        name == "ask_human"
        and confidence < UNSURE
        and asking in names.FIELD_NAMES
        and not _SOMEBODY.search(text)
    ):
        return "inform"
    if name in TELLING and _COMPLAINS.search(text):
        return "complaint"
    asks = is_question(text) and _LETTER.search(text) and not parsed["entities"]
    if asking is None and asks and (name == "inform" or _is_answered(parsed)):
        return "faq"
    if name in FIRM or is_question(text):
        return None
    if name == "faq" and any(it["entity"] == names.PREFERRED_REPLY for it in parsed["entities"]):
        return "inform"  # "call me when you open"
    if _answers(parsed, asking) or (name in OUTCOMES and _tells_a_step(parsed)):
        return "inform"
    if name in RATHER_FIRM:
        return None
    if not begun and (confidence < FIRMLY or name == "inform") and _reports(parsed):
        return "report_problem"
    if not begun and name == "frustration" and confidence < FIRMLY and _is_of_some_kind(parsed):
        return "report_problem"
    if not begun and name == "report_problem":
        return None
    if not begun and asking is None and name == "inform" and not parsed["entities"]:
        return "out_of_scope"  # counted as not understood, so that it is not said for ever
    return "inform" if _merely_tells(parsed) else None


def _is_answered(parsed: Parsed) -> bool:
    """Whether a question that may be a report is likelier one that the knowledge base answers."""
    best = next(iter(parsed.get("articles") or ()), None)
    unsure = parsed["intent"].get("name") == "report_problem" and (
        parsed["intent"].get("confidence", 0.0) < FIRMLY
    )
    return (
        unsure and best is not None and best["confidence"] > max(LIKELY, _kind_confidence(parsed))
    )


def _says_only_who(parsed: Parsed) -> bool:
    """Whether a message is an address or a number and nothing else: its words mean nothing."""
    who = {entity["entity"] for entity in parsed["entities"]}
    if not who or not who <= WHO or is_question(parsed["text"]):
        return False
    return not other_words(parsed["text"], parsed["entities"])


def _answers_with_who(parsed: Parsed, asking: str | None) -> bool:
    """Whether a message is the address or number asked for, with chatter round it."""
    given = asking in WHO and any(entity["entity"] == asking for entity in parsed["entities"])
    words = other_words(parsed["text"], parsed["entities"])
    return given and len(words) < CHATTER and "complain" not in " ".join(words).lower()


def _says_nothing_new(parsed: Parsed) -> bool:
    """Whether a message only asks back, or only that all has been said before."""
    text: str = parsed["text"]
    told = _TOLD_BEFORE.search(text)
    rest = _WORD.findall(_TOLD_BEFORE.sub(" ", text).lower()) if told else []
    return bool(_ASKS_BACK.fullmatch(text) or (told and _AROUND_TOLD.issuperset(rest)))


def _answers(parsed: Parsed, asking: str | None) -> bool:
    """Whether the message is an answer to the question about the field `asking`."""
    if asking not in names.FIELD_NAMES:
        return False
    wanted = "step" if asking == names.STEPS_TRIED else asking
    if any(entity["entity"] == wanted for entity in parsed["entities"]):
        return True
    text: str = parsed["text"]
    if asking == names.ACCOUNT_NUMBER:
        return bool(re.search(r"\d{3}", text)) and len(_WORD.findall(text)) < A_FEW_WORDS
    if asking == names.CONTACT_EMAIL:
        return "@" in text or bool(_AN_ADDRESS_BEGUN.fullmatch(text))
    if asking == names.STEPS_TRIED and (_TRIED.match(text) or parsed.get("steps_named")):
        return True  # "a restart" is no wish to begin again
    if asking in (names.ERROR_MESSAGE, names.STEPS_TRIED):
        read = read_answer(asking, text, ())
        if read is not None and not read["value"]:
            return True
    unsure = parsed["intent"].get("confidence", 0.0) < UNSURE
    if asking in SHOWN and parsed["intent"].get("name") == "faq":
        return True  # no question: the words on the screen
    return asking in FREE_TEXT and unsure and parsed["intent"].get("name") not in NO_ANSWERS


def _tells_a_step(parsed: Parsed) -> bool:
    """Whether a message names a step and not what came of it: "restarted it" solves nothing yet."""
    tells = any(entity["entity"] == "step" for entity in parsed["entities"])
    return tells and not _OUTCOME.search(parsed["text"])


def _mood(text: str, asking: str | None) -> str:
    """What a message of pictures alone means."""
    if asking in YES_OR_NO and _THUMBS.search(text):
        return "affirm" if "👍" in text else "deny"
    return next((mood for signs, mood in _MOODS.items() if set(signs) & set(text)), "out_of_scope")


def _merely_tells(parsed: Parsed) -> bool:
    """Whether a message gives a fact: a correction of one, or one said again and taken for a change."""
    entities = parsed["entities"]
    if any(entity.get("correction") for entity in entities):
        return True
    facts = [entity for entity in entities if entity["entity"] in names.FIELD_NAMES]
    return (
        parsed["intent"].get("name") == "change_field"
        and bool(facts)
        and len(facts) == len(entities)
    )


def _reports(parsed: Parsed) -> bool:
    """Whether the message tells facts of a case in a sentence of its own.

    One that only informs does when the facts are about the trouble, not about the account, or when
    there are none: whoever has said nothing yet and tells something tells what is wrong.
    """
    informs = parsed["intent"].get("name") == "inform"
    telling = TROUBLE if informs else FACTS
    facts = [entity for entity in parsed["entities"] if entity["entity"] in telling]
    began = any(entity["entity"] == names.STARTED for entity in parsed["entities"])
    words = other_words(parsed["text"], parsed["entities"])
    kind = _kind_confidence(parsed)
    alone = informs and len(words) >= A_SENTENCE and (kind >= LIKELY or not parsed["entities"])
    return bool(facts and words) or (began and len(words) > 1) or alone


def _is_of_some_kind(parsed: Parsed) -> bool:
    """Whether the likeliest kinds of problem leave little to any other, whichever of them it is."""
    kind = parsed.get("problem") or {}
    found = [kind, *kind.get("others", ())] if kind else []
    return bool(sum(one["confidence"] for one in found) >= OF_SOME_KIND)


def _kind_confidence(parsed: Parsed) -> float:
    return float((parsed.get("problem") or {}).get("confidence", 0.0))
