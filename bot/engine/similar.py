"""Which examples are nearest to a message, and which messages are alike, by the sentence encoder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bot.nlu.encoder import CACHE, SentenceEncoder, Vectors
from bot.nlu.layers import WIDTH
from bot.training.corpus import Example
from bot.training.inbox import Misread

ALIKE = 0.62
SAME = 0.95
NEAREST = 3
SURE = 0.9
FILE = "examples.npz"


class Near(msgspec.Struct, frozen=True):
    """An example near to a message; `score` is the cosine, 1 for the same."""

    text: str
    label: str
    score: float


class Similar:
    """The examples as vectors; those of earlier days are kept on disk."""

    def __init__(
        self, encoder: SentenceEncoder, examples: Sequence[Example], cache: Path = CACHE
    ) -> None:
        self._encoder = encoder
        self._examples = list(examples)
        self._vectors = self._encoded([it.text for it in self._examples], cache / FILE)

    def nearest(self, texts: Sequence[str]) -> list[list[Near]]:
        """For each text the examples nearest to it, nearest first."""
        if not texts or not self._examples:
            return [[] for _ in texts]
        scores = self._encoder.encode(texts) @ self._vectors.T
        best = np.argsort(-scores, axis=1)[:, :NEAREST]
        return [
            [self._near(int(n), float(row[n])) for n in some]
            for row, some in zip(scores, best, strict=True)
        ]

    def groups(self, texts: Sequence[str]) -> list[int]:
        """For each text the number of its group; the first of a group is what the others resemble."""
        vectors = self._encoder.encode(texts)
        heads: list[int] = []
        found: list[int] = []
        for number, vector in enumerate(vectors):
            scores = vectors[heads] @ vector if heads else np.zeros(0)
            if len(scores) and scores.max() >= ALIKE:
                found.append(int(scores.argmax()))
            else:
                found.append(len(heads))
                heads.append(number)
        return found

    def _near(self, number: int, score: float) -> Near:
        example = self._examples[number]
        return Near(example.text, example.label, round(min(score, 1.0), 3))

    def _encoded(self, texts: list[str], file: Path) -> Vectors:
        known = _read(file)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= dict(zip(new, self._encoder.encode(new), strict=True))
            kept = {text: known[text] for text in dict.fromkeys(texts)}
            unfinished = file.with_suffix(".new.npz")
            np.savez(unfinished, texts=np.array(list(kept)), vectors=np.array(list(kept.values())))
            unfinished.replace(file)
        vectors: Vectors = np.array([known[text] for text in texts], dtype=np.float32)
        return vectors.reshape(len(texts), WIDTH)


def _read(file: Path) -> dict[str, Any]:
    try:
        with np.load(file, allow_pickle=False) as saved:
            return dict(zip(saved["texts"].tolist(), saved["vectors"], strict=True))
    except (OSError, ValueError, KeyError):
        return {}


def grouped(similar: Similar, found: Sequence[Misread]) -> list[dict[str, Any]]:
    """The inbox as groups of like messages, the largest first, each message with its nearest examples."""
    texts = [one.text for one in found]
    near, numbers = similar.nearest(texts), similar.groups(texts) if texts else []
    groups: dict[int, list[dict[str, Any]]] = {}
    for one, nearest, number in zip(found, near, numbers, strict=True):
        row = msgspec.to_builtins(one) | {"nearest": msgspec.to_builtins(nearest)}
        groups.setdefault(number, []).append(row)
    ordered = sorted(groups.values(), key=lambda some: -len(some))
    return [{"like": some[0]["text"], "messages": some} for some in ordered]


def teaches_nothing(near: Sequence[Near], label: str, thought: dict[str, Any]) -> str:
    """Why an example would add nothing, in words; empty when it teaches something."""
    same = next((it for it in near if it.label == label and it.score >= SAME), None)
    if same is not None:
        return (
            f"Teaches nothing new: “{same.text}” is an example already and means almost the same."
        )
    intent, _, part = label.partition("/")
    found = [thought.get("problem"), *list(thought.get("articles") or ())[:1]]
    if (
        thought.get("alone") == intent
        and thought.get("confidence", 0.0) >= SURE
        and (not part or part in found)
    ):
        return "Teaches nothing new: the bot understood it so already, and was sure."
    return ""
