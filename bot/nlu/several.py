"""A message that wants more than one thing: a report with a wish for a person, an answer with a question.

Read as a whole such a message is only the strongest of them. Here its parts are read one by one, and
only those that may be a wish of their own, since each reading costs as much as the first. Pure but
for `understand`, which is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.case.asking import CONFIRMATION
from bot.case.fields import DEVICE, FIELD_NAMES
from bot.nlu.clauses import clauses, sentences
from bot.nlu.context import Parsed
from bot.nlu.leftover import is_question, without_quoted

# Reads a part: its intent, problem and articles; the facts are those of the whole.
Understand = Callable[[str], Mapping[str, Any]]

TELLS = frozenset({"report_problem", "inform", "complaint"})
# Under this key stands the intent under which the facts of such a message are taken.
ALSO, SECOND = "also", "second"
SURELY, SURE, LIKELY = 0.9, 0.7, 0.5
LONGEST, FEWEST_WORDS, FEWEST_OF_TROUBLE = 400, 3, 2
SURE_PROBLEM = 0.85
# By how much the surest part outweighs one that tells of another problem.
CLEARLY = 0.3
# How many parts of a message are read on their own.
MOST_PARTS = 5
# How sure a part is a report of its own: "I bought a phone from you" in front of a fault is none.
SURELY_ONE = 0.6
_PERSON = re.compile(
    r"\b(?:humans?|(?:a |real |actual |live )(?:person|agent|advis[eo]r|colleague|manager|representative|operator)|"
    r"(?:speak|talk|chat) (?:to|with) (?:a|an|some|your|the)\w*)\b",
    re.IGNORECASE,
)
# So plain a wish needs no second reading: "put me through to someone, my phone was stolen".
_PUT_THROUGH = re.compile(
    r"(?:\A\W*|[.!?,;]\s*|\b(?:please|pls|just|you|u|ok|hi|hello)\W+)(?:put|pass|get|connect|transfer) me (?:(?:through|thru|on|over) )?(?:to |with )?"
    r"(?:(?:a|an|the|your|any) (?:\w+ )?)?(?:someone|somebody|anyone|human|person|agent|advis[eo]r|manager|colleague|people|representative|operator|supervisor)\b",
    re.IGNORECASE,
)
# "Took it out and in again, and how long will this take?"
_ASKS_TOO = re.compile(
    r",\s*(?:and |but |also )*(?=(?:how|when|what|where|who|why|which|can|could|do|does|is|are|will)\b)|\b(?:and|but) (?=(?:how|when|what|where|why) )",
    re.IGNORECASE,
)
_APART = re.compile(
    r"[,.;!]?\s*\b(?:and also|also|(?:and )?another (?:thing|problem)|on top of that|secondly|and (?=my\b|i\b|the\b))\b[,:]?\s*",
    re.IGNORECASE,
)


def read_apart(parsed: Parsed, understand: Understand, asking: str | None, begun: bool) -> Parsed:
    """`parsed` with the wish inside it as its intent, and with a second problem that it reports."""
    own = parsed | {"text": without_quoted(parsed["text"])}
    return _read_apart(own, understand, asking, begun) | {"text": parsed["text"]}


def _read_apart(parsed: Parsed, understand: Understand, asking: str | None, begun: bool) -> Parsed:
    text: str = parsed["text"]
    name = parsed["intent"].get("name")
    if len(text) > LONGEST:
        alone = name == "report_problem" and not begun
        return _with_the_trouble_alone(parsed, understand) if alone else parsed
    if name == "ask_human" and not begun:
        return _with_report(parsed, understand)
    if name == "faq" and not begun:
        return _report_beside(parsed, understand)
    if name == "faq" and asking in FIELD_NAMES:
        return _answer_beside(parsed, understand)
    if name not in TELLS:
        return parsed
    if name == "complaint" and not begun:
        parsed = _no_complaint(parsed, understand)
    if name in ("report_problem", "inform") and not begun:
        parsed = _with_the_trouble_alone(parsed, understand)
    wish = _wish_for_a_person(parsed, understand)
    if wish is None and (asking in FIELD_NAMES or asking == CONFIRMATION):
        wish = _question(parsed, understand)
    if wish is None and name == "report_problem" and not begun:
        wish = _question_beside(parsed, understand)
    if wish is None and name == "report_problem" and not begun:
        wish = _two_reports(parsed, understand)
    return wish or parsed


def _with_the_trouble_alone(parsed: Parsed, understand: Understand) -> Parsed:
    """`parsed` with the problem that its parts tell of, where the whole leaves it open.

    Facts and stories round a short trouble outweigh it. Parts that tell of different problems leave
    it open too.
    """
    problem = parsed.get("problem")
    if not problem or problem["confidence"] >= SURE_PROBLEM:
        return parsed
    read = (understand(part) for part in _parts_alone(parsed))
    surer = [
        it["problem"] for it in read
        if _is(it, "report_problem", LIKELY) and it["problem"]["confidence"] > problem["confidence"]
    ]  # fmt: skip
    surer.sort(key=lambda it: -it["confidence"])
    rivals = [it["confidence"] for it in surer if it["name"] != surer[0]["name"]]
    if not surer or surer[0]["confidence"] - max(rivals, default=0.0) < CLEARLY:
        return parsed
    return parsed | {"problem": surer[0]}


def _parts_alone(parsed: Parsed) -> list[str]:
    """What is worth reading on its own: each sentence, and the clauses without facts together."""
    text: str = parsed["text"]
    places = [entity["start"] for entity in parsed["entities"] if "start" in entity]
    free = [text[start:end].strip() for start, end in clauses(text)
            if not any(start <= place < end for place in places)]  # fmt: skip
    each = [text[start:end].strip() for start, end in sentences(text)]
    parts = [*([", ".join(free)] if places else []), *(each if len(each) > 1 else [])]
    long_enough = (
        part for part in parts if FEWEST_OF_TROUBLE < len(part.split()) < len(text.split())
    )
    return list(dict.fromkeys(long_enough))[:MOST_PARTS]


def _wish_for_a_person(parsed: Parsed, understand: Understand) -> Parsed | None:
    if _PUT_THROUGH.search(parsed["text"]):
        return _as(parsed, "ask_human")
    parts = _parts(parsed["text"])
    for part in parts if len(parts) > 1 else ():
        if _PERSON.search(part) and _is(understand(part), "ask_human", SURE):
            return _as(parsed, "ask_human")
    return None


def _question(parsed: Parsed, understand: Understand) -> Parsed | None:
    text: str = parsed["text"]
    parts = [text[start:end].strip() for start, end in sentences(text)]
    if len(parts) == 1:
        parts = [part.strip() for part in re.split(r",|\band\b", text)]
    for part in parts if len(parts) > 1 else ():
        if is_question(part):
            read = understand(part)
            if _is(read, "faq", SURE):
                return _as(parsed, "faq") | {"articles": read.get("articles")}
    return None


def _question_beside(parsed: Parsed, understand: Understand) -> Parsed | None:
    """A question of its own beside a first report, with an article that surely answers it."""
    for part in _free_questions(parsed):
        read = understand(part)
        best = next(iter(read["articles"] or ()), {"confidence": 0.0})
        asks = read["intent"]["confidence"] if read["intent"]["name"] == "faq" else 0.0
        if asks * best["confidence"] >= SURE:
            return _as(parsed, "faq") | {"articles": read["articles"]}
    return None


def _free_questions(parsed: Parsed) -> list[str]:
    """The sentences that are questions and hold no fact but a device, where there are others too."""
    text: str = parsed["text"]
    facts = [entity for entity in parsed["entities"] if entity["entity"] != DEVICE]
    places = [entity["start"] for entity in facts if "start" in entity]
    spans = sentences(text)
    free = [
        text[start : end + 1].strip() for start, end in spans
        if not any(start <= place < end for place in places)
    ]  # fmt: skip
    asked = [part for part in free if is_question(part) and len(part.split()) > FEWEST_WORDS]
    return asked if len(spans) > 1 else []


def _report_beside(parsed: Parsed, understand: Understand) -> Parsed:
    """`parsed`, a question, with the trouble that another sentence of it reports."""
    text: str = parsed["text"]
    parts = [text[start : end + 1].strip() for start, end in sentences(text)]
    told = [part for part in parts if not is_question(part) and len(part.split()) >= FEWEST_WORDS]
    for part in told if len(parts) > 1 else ():
        read = understand(part)
        if _is(read, "report_problem", SURELY) and read["problem"]["confidence"] >= LIKELY:
            return parsed | {"problem": read["problem"], ALSO: "report_problem"}
    return parsed


def _answer_beside(parsed: Parsed, understand: Understand) -> Parsed:
    """`parsed`, a question in the middle of a case, with the facts that another sentence of it tells."""
    text: str = parsed["text"]
    joint = _ASKS_TOO.search(text)
    spans = [(0, joint.start()), (joint.end(), len(text))] if joint else sentences(text)
    asked = [(start, end) for start, end in spans if is_question(text[start : end + 1])]
    places = [entity["start"] for entity in parsed["entities"] if "start" in entity]
    told = any(not any(start <= place < end for start, end in asked) for place in places)
    if not asked or len(asked) == len(spans) or not told:
        return parsed
    read = understand(text[asked[0][0] : asked[0][1] + 1].strip())
    return parsed | {"articles": read.get("articles"), ALSO: "inform"}


def _no_complaint(parsed: Parsed, understand: Understand) -> Parsed:
    """`parsed` as the report that one of its sentences is, where none of them complains: a letter."""
    text: str = parsed["text"]
    parts = [text[start:end].strip() for start, end in sentences(text)]
    read = [understand(part) for part in parts[:MOST_PARTS]] if len(parts) > 1 else []
    reports = [it for it in read if _is(it, "report_problem", LIKELY)]
    if not reports or any(_is(it, "complaint", LIKELY) for it in read):
        return parsed
    best = max(reports, key=lambda it: it["problem"]["confidence"])
    return parsed | {"intent": best["intent"], "problem": best["problem"]}


def _two_reports(parsed: Parsed, understand: Understand) -> Parsed | None:
    first, apart, rest = _cut(parsed["text"])
    if not apart or min(len(first.split()), len(rest.split())) < FEWEST_WORDS:
        return None
    one = _reported(understand(first))
    other = one and _reported(understand(rest))
    if not one or not other or one["name"] == other["name"]:
        return None
    return parsed | {"problem": one, SECOND: {"text": rest, "problem": other}}


def _reported(read: Mapping[str, Any]) -> dict[str, Any] | None:
    """The problem that a part reports, if it surely does."""
    if not _is(read, "report_problem", LIKELY):
        return None
    problem: dict[str, Any] = read["problem"]
    surely = read["intent"]["confidence"] * problem["confidence"]
    return problem if surely >= SURELY_ONE else None


def _with_report(parsed: Parsed, understand: Understand) -> Parsed:
    parts = _parts(parsed["text"])
    told = ". ".join(part for part in parts if not _PERSON.search(part))
    if len(parts) < 2 or len(told.split()) < FEWEST_WORDS:
        return parsed
    read = understand(told)
    if not _is(read, "report_problem", LIKELY):
        return parsed
    return parsed | {"problem": read["problem"], ALSO: "report_problem"}


def _parts(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in clauses(text) if text[start:end].strip()]


def _cut(text: str) -> tuple[str, str, str]:
    apart = _APART.search(text)
    if apart is None:
        return text, "", ""
    return text[: apart.start()].strip(), apart.group(), text[apart.end() :].strip()


def _is(read: Mapping[str, Any], name: str, least: float) -> bool:
    intent = read["intent"]
    return bool(intent.get("name") == name and intent.get("confidence", 0.0) >= least)


def _as(parsed: Parsed, intent: str) -> Parsed:
    """`parsed` with another intent, keeping the one under which its facts are taken."""
    confidence = parsed["intent"].get("confidence", 1.0)
    return parsed | {
        "intent": {"name": intent, "confidence": confidence},
        ALSO: parsed["intent"]["name"],
    }
