"""The words of a message that name a step, done or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from bot.content.records import Step
from bot.nlu.step_words import is_participle, stems, words_of

LARGEST_GAP = 3
# "Turned the data off" bridges a word; what is further away belongs to something else.
SHORT_GAP = 2
LONGEST_PASSIVE = 3
EVERYTHING, TRY = "everything", "try"
OTHER_DEVICE = "other_device"
# What may stand between the words of a step: only a long phrase bridges a comma, and none a full stop.
NOTHING, COMMA, NEXT = 0, 1, 2
_NEXT = re.compile(r"[.!?;\n]\s|,\s*(?:then|and then)\b|\bbut\b")
_COMMA = re.compile(r"[,:(]|\s[-–—]\s")
PARTICLES = frozenset(("off", "on", "in", "out", "back"))
# "Took the SIM out and put it in my wife's phone" is one step.
_CARRIED = re.compile(r"tak|took|remov|pull|pop|swap|put|mov|transfer|insert", re.IGNORECASE)
Word = tuple[re.Match[str], str]


# The weight of what is told as done by its very words.
DONE = 0


@dataclass(frozen=True)
class Hit:
    """A step that the words text[start:end] name, done or not; weight: of how many words."""

    slug: str
    start: int
    end: int
    weight: int
    first: str
    # Where its first and its last word end, so that "cleaned the SIM and tried it in …" can share one.
    first_end: int
    last_start: int


@dataclass
class _Node:
    """What may follow in a phrase; the step that ends here; whether its last word must be a participle."""

    next: dict[str, _Node] = field(default_factory=dict)
    slug: str | None = None
    passive: str | None = None


class StepPhrases:
    """Finds the phrases of the known steps; built once.

    A word of a phrase may be several, "swap|change the plug|cable", of which any will do. "Settings
    reset" is found where "reset the settings" is a phrase: the verb comes last, as a participle.
    """

    def __init__(self, known: Mapping[str, Step]) -> None:
        self._root = _Node()
        for slug, step in known.items():
            for phrase in [step.label, *step.phrases]:
                for words in _forms(phrase):
                    self._add(slug, words)

    def _add(self, slug: str, words: Sequence[str]) -> None:
        node = self._node(words)
        node.slug = node.slug or slug
        if 1 < len(words) <= LONGEST_PASSIVE and words[0] not in ("try", "use"):
            node = self._node([*words[1:], words[0]])
            node.passive = node.passive or slug

    def _node(self, words: Sequence[str]) -> _Node:
        node = self._root
        for word in words:
            node = node.next.setdefault(word, _Node())
        return node

    def hits(self, text: str) -> list[Hit]:
        """Every step that the words name, the longest where several share words."""
        words = words_of(text)
        found: list[Hit] = []
        bridges: list[Hit] = []
        for place, (_, stem) in enumerate(words):
            node = self._root.next.get(stem)
            if node is not None:
                for widest in (COMMA, NOTHING):
                    best = _walk(text, words, node, [place], NOTHING, widest)
                    if best is None or _mere_particles(words, best[1]):
                        break
                    found.append(_hit(words, *best))
                    if not _bridges(text, words, best[1]):
                        break
                    bridges.append(found[-1])
        return _longest(
            [hit for hit in found if hit not in bridges or not _holds_another(hit, found)]
        )


def _forms(phrase: str) -> Iterator[list[str]]:
    """The stems of what a phrase stands for; one word alone only where it was written so."""
    fewest = 2 if "|" in phrase else 1
    for words in product(*(part.split("|") for part in phrase.split())):
        found = stems(" ".join(words))
        if len(found) >= fewest:
            yield found


def _walk(
    text: str, words: Sequence[Word], node: _Node, path: list[int], gap: int, widest: int
) -> tuple[str, list[int]] | None:
    """The longest phrase that begins with the words of `path`: its step and the places of its words."""
    best = None
    slug = node.slug
    if slug is None and node.passive and is_participle(words[path[-1]][0].group().lower()):
        slug = node.passive
    near = len(path) != 2 or path[1] - path[0] <= SHORT_GAP
    if len(path) > 1 and words[path[0]][1] == TRY:
        near = path[1] - path[0] == 1  # "tried restarting and flight mode" are two steps
    if (
        slug is not None
        and near
        and (gap == NOTHING or (gap == COMMA and len(path) > LONGEST_PASSIVE))
    ):
        best = (slug, path)
    if not node.next:
        return best
    at = path[-1]
    for ahead in range(at + 1, min(at + 1 + LARGEST_GAP, len(words))):
        following = node.next.get(words[ahead][1])
        if following is None or (words[ahead][1] in PARTICLES and ahead > at + SHORT_GAP):
            continue
        wider = max(gap, _gap(text, words[at][0].end(), words[ahead][0].start()))
        if wider > widest:
            break
        longer = _walk(text, words, following, [*path, ahead], wider, widest)
        if longer is not None and (best is None or len(longer[1]) > len(best[1])):
            best = longer
    return best


def _mere_particles(words: Sequence[Word], path: Sequence[int]) -> bool:
    """Whether a step is but "off … on" with something else between: "off Amazon on Monday"."""
    apart = path[-1] - path[0] >= len(path)
    return apart and all(words[place][1] in PARTICLES for place in path)


def _bridges(text: str, words: Sequence[Word], path: Sequence[int]) -> bool:
    return _gap(text, words[path[0]][0].end(), words[path[-1]][0].start()) != NOTHING


def _holds_another(bridge: Hit, found: Sequence[Hit]) -> bool:
    """Whether what bridges a comma are two steps: "checked diverts, checked do not disturb"."""
    return any(
        hit.slug != bridge.slug and bridge.start <= hit.start and hit.end <= bridge.end
        for hit in found
    )


def _gap(text: str, start: int, end: int) -> int:
    between = text[start:end]
    if _NEXT.search(between):
        return NEXT
    return COMMA if _COMMA.search(between) else NOTHING


def _hit(words: Sequence[Word], slug: str, path: Sequence[int]) -> Hit:
    first, last = words[path[0]][0], words[path[-1]][0]
    return Hit(slug, first.start(), last.end(), len(path), first.group(), first.end(), last.start())


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(hits, key=_precedence):
        if not any(_clash(hit, other) for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def _precedence(hit: Hit) -> tuple[bool, int, int]:
    """What is named comes before "everything", the longer before the shorter."""
    return hit.slug == EVERYTHING, -hit.weight, hit.start


def _clash(one: Hit, other: Hit) -> bool:
    """Whether two steps are told in the same words; one word that ends one and begins the other may be."""
    first, second = sorted((one, other), key=lambda hit: hit.start)
    shared = first.last_start == second.start and first.end == second.first_end
    if shared and first.weight > 1 and second.slug == OTHER_DEVICE:
        return bool(_CARRIED.match(first.first))
    return first.start < second.end and second.start < first.end
