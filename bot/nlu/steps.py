"""What the customer has tried, step by step, with the result of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.case.tried import OF_THE_ROUTER
from bot.content.records import Step
from bot.nlu.clauses import around, clauses, sentences
from bot.nlu.found import Found
from bot.nlu.step_deeds import deeds
from bot.nlu.step_done import listed, was_done
from bot.nlu.step_phrases import EVERYTHING, Hit, StepPhrases
from bot.nlu.step_results import result

STEP = "step"
LONGEST_VERBATIM = 90
OF_THE_ESIM = {"reinstall_app": "rescan_esim"}
OF_THE_CHARGER = {"check_cables": "other_charger"}
_CHARGING = re.compile(r"\b(?:charg|battery|flat\b)", re.IGNORECASE)
_ESIM = re.compile(r"\b(?:e-?sim|qr)\b", re.IGNORECASE)
_APP = re.compile(r"\bapps?\b", re.IGNORECASE)
_ROUTER = re.compile(
    r"\b(?:router|hub|broadband|home wi-?fi|mi-?fi|dongle|modem|portable wi-?fi)\b", re.IGNORECASE
)
_PHONE = re.compile(r"\b(?:phone|iphone|handset|galaxy|pixel|mobile)\b", re.IGNORECASE)
_ALL_THAT = re.compile(r"\b(?:done|did|tried|doing)\s+(?:(?:literally |absolutely )?all|every(?: ?thing| single (?:bit|one|thing)| one)?)(?: of)?\s+(?:that|those|this|these|it|them|you \w+|your \w+)\b", re.IGNORECASE)  # fmt: skip
_NOTHING = re.compile(
    r"\b(?:(?:haven'?t|havent|have not|not|didn'?t|did not|never) (?:really |actually )?(?:tried|try|done|do|attempted) (?:anything|much|any (?:steps?|troubleshooting)|a thing)|tried nothing|nothing (?:yet|so far|tried)|done nothing)\b",
    re.IGNORECASE,
)


def says_nothing_tried(text: str) -> bool:
    """Whether the customer says that nothing was tried yet."""
    return bool(_NOTHING.search(text))


class StepFinder:
    """Finds tried steps; built once from the known steps."""

    def __init__(self, known: Mapping[str, Step]) -> None:
        self._phrases = StepPhrases(known)

    def find(self, text: str, answering: bool = False, router: bool = False) -> list[Found]:
        """The steps that were done; see `found`."""
        return self.found(text, self.hits(text), answering, router)

    def found(
        self, text: str, hits: Sequence[Hit], answering: bool = False, router: bool = False
    ) -> list[Found]:
        """The `hits` that were done in the order said, each with value {"step", "verbatim", "result"}.

        answering: the text answers "what have you tried?", so what it names was done unless it says
        otherwise ("SIM in and out, restart"). router: the device spoken of is one.
        """
        if not hits:
            return []
        spans = clauses(text)
        lines = sentences(text)
        done = [
            hit
            for hit in hits
            if was_done(text, hit, around(spans, hit.start), around(lines, hit.start), answering)
        ]
        if done:
            done = [hit for hit in hits if hit in done or listed(text, hit, done, spans, lines)]
        if any(hit.slug != EVERYTHING for hit in done):  # "did all that" is what was named before
            done = [hit for hit in done if not _ALL_THAT.match(text, hit.start)]
        done = _of_the_device(text, done, router)
        told = [_found(text, hit, done, lines) for hit in done]
        return [one for one in told if not _NOTHING.search(one.verbatim)]

    def hits(self, text: str) -> list[Hit]:
        """Every step that the words name, done or not."""
        hits = self._phrases.hits(text)
        for match in _ALL_THAT.finditer(text):
            start, end = match.span()
            if not any(start < hit.end and hit.start < end for hit in hits):
                word = match.group().split()[0]
                hits.append(Hit(EVERYTHING, start, end, 2, word, start + len(word), end))
        hits += deeds(text, hits)
        return sorted(hits, key=lambda hit: hit.start)


def _found(text: str, hit: Hit, hits: Sequence[Hit], lines: list[tuple[int, int]]) -> Found:
    end = _end_of(text, hit, hits)
    verbatim = text[hit.start : end].strip(" ,.;:-")
    came = result(text, hit, hits, lines)
    value = {"step": hit.slug, "verbatim": verbatim, "result": came}
    return Found(STEP, hit.start, hit.start + len(verbatim), value, verbatim, 0.9 if came else 0.85)


def _end_of(text: str, hit: Hit, hits: Iterable[Hit]) -> int:
    following = [other.start for other in hits if other.start > hit.start]
    limit = min([*following, len(text), hit.start + LONGEST_VERBATIM])
    stop = re.compile(
        r"[,.;:!?\n)]|\s[-–—]+\s|\s(?:and|but|then|which|still|no|with no|didn'?t|nothing|when|because|so|it)\b",
        re.IGNORECASE,
    ).search(text, hit.end, limit)
    end = stop.start() if stop else limit
    if not stop and following and limit == min(following):
        end = hit.end
    return max(end, hit.end)


def _of_the_device(text: str, hits: Sequence[Hit], router: bool) -> list[Hit]:
    """Where only a router is spoken of, restarting "it" is restarting the router; so for chargers and eSIMs."""
    slugs: Mapping[str, str] = {}
    if router or (_ROUTER.search(text) and not _PHONE.search(text)):
        slugs = OF_THE_ROUTER
    elif _CHARGING.search(text):
        slugs = OF_THE_CHARGER
    elif _ESIM.search(text) and not _APP.search(text):
        slugs = OF_THE_ESIM
    return [replace(hit, slug=slugs.get(hit.slug, hit.slug)) for hit in hits]
