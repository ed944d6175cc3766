"""Steps in words that no phrase of the catalogue has, learnt from how customers tell what they tried."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product
from pathlib import Path

from bot.content.records import Step
from bot.content.told import OTHER, Told
from bot.nlu.clauses import around, clauses, sentences
from bot.nlu.found import Found
from bot.nlu.span_recogniser import Encoder, SpanRecogniser
from bot.nlu.step_done import is_denied, is_of_the_sim
from bot.nlu.step_phrases import DONE, EVERYTHING, Hit

# How sure that it is a step, and which: settled on messages that the rules had not seen. The surer of
# which it is, the less sure it need be that it is one.
LEAST_SURE, SURE_OF_KIND, SURE_OF_OTHER = 0.5, 0.4, 0.8
KIND_COUNTS, SURE = 0.3, 0.95
# How sure that something was done which the rules name but do not take for done; that they took one step for another.
SURE_OF_DONE, SURE_OF_NAME, SURER_OF_NAME = 0.75, 0.5, 0.95
# How much of a step may be the words of another value (a device, a version).
SHARED = 0.3
FORMS_OF_A_PHRASE = 1
NEVER_A_STEP, REINSERT_SIM = "contact_support", "reinsert_sim"
_IN_WORDS = re.compile(r"[a-z]{3}", re.IGNORECASE)
# What stands between two steps.
_JOINT = re.compile(r"\s*[,;.:(/&+]\s*(?:(?:and|then|also)\s+)*|\s+(?:and|then)\s+(?!(?:on|off|in|out|back)\b)", re.IGNORECASE)  # fmt: skip


class ToldSteps:
    """Finds steps by what was learnt, beside those that the rules find."""

    def __init__(self, recogniser: SpanRecogniser) -> None:
        self._recogniser = recogniser

    @classmethod
    def fit(
        cls, told: Sequence[Told], known: Mapping[str, Step], encoder: Encoder | None
    ) -> ToldSteps | None:
        """Learns from marked sentences; None without an encoder or where too little is marked."""
        if encoder is None:
            return None
        recogniser = SpanRecogniser.fit(told, list(_phrases(known)), encoder)
        return cls(recogniser) if recogniser else None

    def hits(self, text: str, hits: Sequence[Hit], found: Sequence[Found]) -> list[Hit]:
        """The `hits` of the rules, some named or judged otherwise, and what was done in other words.

        found: the other values; a step does not stand in their words.
        """
        told = list(hits)
        for start, end, sure in self._pieces(text):
            if not _IN_WORDS.search(text, start, end) or _is_none(text, start):
                continue
            slug, sure_of_kind = self._recogniser.kind(text, start, end)
            hit = _hit(slug, start, text[start:end])
            if slug == REINSERT_SIM and not is_of_the_sim(text, hit):
                continue
            shared = [number for number, other in enumerate(told) if other.start < end and start < other.end]  # fmt: skip
            for number in shared:
                told[number] = _agreed(told[number], slug, sure, sure_of_kind, alone=len(shared) == 1)  # fmt: skip
            least = SURE_OF_OTHER if slug == OTHER else SURE_OF_KIND
            enough = sure + KIND_COUNTS * sure_of_kind >= SURE and sure_of_kind >= least
            if not shared and enough and _clear(start, end, found):
                told.append(hit)
        return sorted(told, key=lambda hit: hit.start)

    def _pieces(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Where each step stands, and how sure it is one: a span, or each of several in it side by side."""
        for span in self._recogniser.spans(text, LEAST_SURE):
            start = span.start
            for joint in _JOINT.finditer(text, span.start, span.end):
                yield start, joint.start(), span.confidence
                start = joint.end()
            yield start, span.end, span.confidence

    def save(self, folder: Path) -> None:
        """Writes what was learnt into `folder`."""
        self._recogniser.save(folder)

    @classmethod
    def load(cls, folder: Path, encoder: Encoder | None) -> ToldSteps | None:
        """The inverse of `save`; None where nothing was saved, or without an encoder."""
        recogniser = SpanRecogniser.load(folder, encoder) if encoder else None
        return cls(recogniser) if recogniser else None


def _agreed(hit: Hit, slug: str, sure: float, sure_of_kind: float, alone: bool) -> Hit:
    """A hit of the rules in the light of what was learnt; alone: it is all that was told in those words."""
    if hit.slug in (NEVER_A_STEP, EVERYTHING):
        return hit
    weight = DONE if sure >= SURE_OF_DONE else hit.weight
    surer = alone and sure >= SURE_OF_DONE and sure_of_kind >= SURER_OF_NAME
    renamed = slug != OTHER and (surer or (hit.slug == OTHER and sure_of_kind >= SURE_OF_NAME))
    return replace(hit, slug=slug if renamed else hit.slug, weight=weight)


def _clear(start: int, end: int, found: Sequence[Found]) -> bool:
    """Whether text[start:end] is not, for a good part, the words of another value."""
    shared = (min(end, item.end) - max(start, item.start) for item in found)
    return all(length <= SHARED * (end - start) for length in shared)


def _is_none(text: str, start: int) -> bool:
    """Whether the words before a step, or a question mark behind it, say that it was not done."""
    clause, sentence = around(clauses(text), start), around(sentences(text), start)
    asked = text[sentence[1] : sentence[1] + 1] == "?"
    return asked or is_denied(text[clause[0] : start], text[sentence[0] : start])


def _hit(slug: str, start: int, said: str) -> Hit:
    first, last = said.split()[0], said.split()[-1]
    end = start + len(said)
    return Hit(slug, start, end, DONE, first, start + len(first), end - len(last))


def _phrases(known: Mapping[str, Step]) -> Iterator[tuple[str, str]]:
    """Some forms of each phrase of the known steps, with its slug."""
    for slug, step in known.items():
        if slug == NEVER_A_STEP:
            continue
        for phrase in (step.label, *step.phrases):
            forms = product(*(part.split("|") for part in phrase.split()))
            for words in islice(forms, FORMS_OF_A_PHRASE):
                yield " ".join(words), slug
