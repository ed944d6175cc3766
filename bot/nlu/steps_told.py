"""Steps in words that no phrase of the catalogue has, learnt from how customers tell what they tried."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from pathlib import Path

from bot.content.records import Step
from bot.content.told import OTHER, Told
from bot.nlu.clauses import around, clauses, sentences
from bot.nlu.found import Found
from bot.nlu.span_recogniser import Encoder, SpanRecogniser
from bot.nlu.step_done import is_denied, is_of_the_sim
from bot.nlu.step_phrases import DONE, Hit

# How sure that it is a step, and which: settled on messages that the rules had not seen.
SURE, SURE_OF_KIND, SURE_OF_OTHER = 0.75, 0.4, 0.8
FORMS_OF_A_PHRASE = 1
NEVER_A_STEP, REINSERT_SIM = "contact_support", "reinsert_sim"
_IN_WORDS = re.compile(r"[a-z]{3}", re.IGNORECASE)
# What stands between two steps.
_JOINT = re.compile(r"\s*[,;.:(/&+]\s*(?:(?:and|then|also)\s+)*|\s+(?:and|then)\s+(?!(?:on|off|in|out|back)\b)", re.IGNORECASE)  # fmt: skip


class ToldSteps:
    """Finds steps by what was learnt; asked only for what the rules leave."""

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
        """What was done in words that neither the `hits` of the rules nor other values share."""
        taken = [(hit.start, hit.end) for hit in hits] + [(item.start, item.end) for item in found]
        new = []
        for start, end in self._pieces(text):
            if (
                any(first < end and start < last for first, last in taken)
                or not _IN_WORDS.search(text, start, end)
                or _is_none(text, start)
            ):
                continue
            said = text[start:end]
            slug, sure = self._recogniser.kind(said)
            hit = _hit(slug, start, said)
            if sure < (SURE_OF_OTHER if slug == OTHER else SURE_OF_KIND):
                continue
            if slug != REINSERT_SIM or is_of_the_sim(text, hit):
                new.append(hit)
        return new

    def _pieces(self, text: str) -> Iterator[tuple[int, int]]:
        """Where each step stands: a span, or each of several that stand in it side by side."""
        for span in self._recogniser.spans(text, SURE):
            start = span.start
            for joint in _JOINT.finditer(text, span.start, span.end):
                yield start, joint.start()
                start = joint.end()
            yield start, span.end

    def save(self, folder: Path) -> None:
        """Writes what was learnt into `folder`."""
        self._recogniser.save(folder)

    @classmethod
    def load(cls, folder: Path, encoder: Encoder | None) -> ToldSteps | None:
        """The inverse of `save`; None where nothing was saved, or without an encoder."""
        recogniser = SpanRecogniser.load(folder, encoder) if encoder else None
        return cls(recogniser) if recogniser else None


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
