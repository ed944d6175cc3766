"""Layers of the sentence encoder in plain numpy, forwards and backwards, so that they can be tuned.

A layer is BERT's (Devlin et al. 2019, after Vaswani et al. 2017). Sentences of a batch are packed:
their tokens stand one after the other in a matrix of shape (tokens, 384), without padding; only
attention pads them. Single precision throughout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Layer = dict[str, Floats]

HEADS, WIDTH = 12, 384
HEAD_WIDTH = WIDTH // HEADS
SCALE = np.float32(HEAD_WIDTH**-0.5)
EPSILON = np.float32(1e-12)
ABSENT = np.float32(-1e4)
HALF, DENSITY = np.float32(0.5), np.float32((2 * np.pi) ** -0.5)
# Abramowitz and Stegun (1964), 26.2.17: no further off than 7.5e-8, and much quicker than scipy's erf.
BEND = np.float32(0.2316419)
CURVE = tuple(
    np.float32(number * (2 * np.pi) ** -0.5)
    for number in (1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.319381530)
)


def read_layer(weights: Mapping[str, Floats], number: int) -> Layer:
    """Layer `number` of an encoder by its names in the safetensors file; a copy.

    Weights have the shape (in, out); query, key and value are one.
    """
    prefix = f"encoder.layer.{number}."

    def joined(*names: str) -> Floats:
        return np.ascontiguousarray(
            np.concatenate([weights[f"{prefix}{name}.weight"] for name in names]).T
        )

    def bias(*names: str) -> Floats:
        return np.concatenate([weights[f"{prefix}{name}.bias"] for name in names])

    parts = [f"attention.self.{part}" for part in ("query", "key", "value")]
    dense = {"mix": ["attention.output.dense"], "up": ["intermediate.dense"], "down": ["output.dense"]}  # fmt: skip
    norms = {"mixed": "attention.output.LayerNorm", "done": "output.LayerNorm"}
    layer = {"parts": joined(*parts), "parts_bias": bias(*parts)}
    for name, sources in dense.items():
        layer |= {name: joined(*sources), f"{name}_bias": bias(*sources)}
    for name, source in norms.items():
        layer |= {name: weights[f"{prefix}{source}.weight"].copy(), f"{name}_bias": bias(source)}
    return layer


class Packing:
    """Where the tokens of a batch are: from sentence lengths to rows and back."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self.lengths = np.array(lengths)
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.sentence = np.repeat(np.arange(len(lengths)), self.lengths)
        self._place = np.arange(self.lengths.sum()) - self.starts[self.sentence]
        self._longest = int(self.lengths.max())
        present = np.arange(self._longest) < self.lengths[:, None]
        self.bias = np.where(present, np.float32(0), ABSENT)[:, None, None, :]

    def pad(self, packed: Floats) -> Floats:
        """Shape (sentences, longest, width), zero where there is no token."""
        padded = np.zeros((len(self.lengths), self._longest, packed.shape[1]), np.float32)
        padded[self.sentence, self._place] = packed
        return padded

    def pack(self, padded: Floats) -> Floats:
        """The inverse of `pad`."""
        return np.asarray(padded[self.sentence, self._place])


class Dropout:
    """Leaves out a share of all numbers at random and makes up for it; a share of 0 does nothing."""

    def __init__(self, share: float = 0.0, seed: int = 0) -> None:
        self._share = np.float32(share)
        self._chance = np.random.default_rng(seed)

    def mask(self, shape: tuple[int, ...]) -> Floats | np.float32:
        """What to multiply by, on the way forward and on the way back."""
        if not self._share:
            return np.float32(1)
        kept = self._chance.random(shape, dtype=np.float32) >= self._share
        return np.asarray(kept / np.float32(1 - self._share))


class Pass:
    """One batch on its way through the layers: forward once, then, if wanted, backward."""

    def __init__(
        self, layers: Sequence[Layer], sentences: Sequence[Floats], dropout: Dropout
    ) -> None:
        self._layers = layers
        self._packing = Packing([len(sentence) for sentence in sentences])
        self._seen: list[dict[str, Any]] = []
        hidden = np.concatenate(list(sentences))
        for layer in layers:
            hidden = self._forward(layer, hidden, dropout)
        means = np.add.reduceat(hidden, self._packing.starts) / self._lengths
        self._sizes = np.linalg.norm(means, axis=1, keepdims=True)
        self.vectors: Floats = means / self._sizes

    @property
    def _lengths(self) -> Floats:
        return self._packing.lengths[:, None].astype(np.float32)

    def backward(self, slope: Floats) -> list[Layer]:
        """By layer, the slopes of everything in it, from those of `vectors`."""
        along = (slope * self.vectors).sum(axis=1, keepdims=True)
        means = (slope - self.vectors * along) / self._sizes / self._lengths
        hidden = means[self._packing.sentence]
        slopes: list[Layer] = []
        for layer, seen in zip(reversed(self._layers), reversed(self._seen), strict=True):
            found: Layer = {}
            middle = _feed_back(layer, hidden, seen, found)
            hidden = self._attend_back(layer, middle, seen, found)
            slopes.append(found)
        return slopes[::-1]

    def _forward(self, layer: Layer, hidden: Floats, dropout: Dropout) -> Floats:
        seen: dict[str, Any] = {"hidden": hidden}
        mixed = self._attend(layer, hidden, seen)
        seen["mix_mask"] = dropout.mask(mixed.shape)
        middle, seen["mixed"] = _normalise(
            mixed * seen["mix_mask"] + hidden, layer["mixed"], layer["mixed_bias"]
        )
        raised = middle @ layer["up"] + layer["up_bias"]
        below, bell = _normal(raised)
        bent = raised * below
        lowered = bent @ layer["down"] + layer["down_bias"]
        seen["down_mask"] = dropout.mask(lowered.shape)
        done, seen["done"] = _normalise(
            lowered * seen["down_mask"] + middle, layer["done"], layer["done_bias"]
        )
        seen |= {"middle": middle, "raised": raised, "below": below, "bell": bell, "bent": bent}
        self._seen.append(seen)
        return done

    def _attend(self, layer: Layer, hidden: Floats, seen: dict[str, Any]) -> Floats:
        parts = self._packing.pad(hidden @ layer["parts"] + layer["parts_bias"])
        split = parts.reshape(*parts.shape[:2], 3, HEADS, HEAD_WIDTH).transpose(2, 0, 3, 1, 4)
        query, key, value = np.ascontiguousarray(split)
        scores = query @ key.swapaxes(2, 3) * SCALE + self._packing.bias
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        gathered = (shares @ value).transpose(0, 2, 1, 3).reshape(*parts.shape[:2], WIDTH)
        seen |= {"query": query, "key": key, "value": value, "shares": shares}
        seen["gathered"] = self._packing.pack(gathered)
        return np.asarray(seen["gathered"] @ layer["mix"] + layer["mix_bias"])

    def _attend_back(
        self, layer: Layer, slope: Floats, seen: dict[str, Any], found: Layer
    ) -> Floats:
        summed = _normalise_back(slope, layer, "mixed", seen["mixed"], found)
        mixed = summed * seen["mix_mask"]
        found |= {"mix": seen["gathered"].T @ mixed, "mix_bias": mixed.sum(axis=0)}
        gathered = self._packing.pad(mixed @ layer["mix"].T)
        heads = gathered.reshape(*gathered.shape[:2], HEADS, HEAD_WIDTH).transpose(0, 2, 1, 3)
        shares = seen["shares"]
        value = shares.swapaxes(2, 3) @ heads
        scores = heads @ seen["value"].swapaxes(2, 3)
        scores = (scores - (scores * shares).sum(axis=-1, keepdims=True)) * shares * SCALE
        split = np.stack([scores @ seen["key"], scores.swapaxes(2, 3) @ seen["query"], value])
        parts = self._packing.pack(
            split.transpose(1, 3, 0, 2, 4).reshape(*gathered.shape[:2], 3 * WIDTH)
        )
        found |= {"parts": seen["hidden"].T @ parts, "parts_bias": parts.sum(axis=0)}
        return np.asarray(summed + parts @ layer["parts"].T)


def _feed_back(layer: Layer, slope: Floats, seen: dict[str, Any], found: Layer) -> Floats:
    summed = _normalise_back(slope, layer, "done", seen["done"], found)
    lowered = summed * seen["down_mask"]
    found |= {"down": seen["bent"].T @ lowered, "down_bias": lowered.sum(axis=0)}
    bent = lowered @ layer["down"].T
    bent *= seen["below"] + seen["raised"] * seen["bell"] * DENSITY
    found |= {"up": seen["middle"].T @ bent, "up_bias": bent.sum(axis=0)}
    return np.asarray(summed + bent @ layer["up"].T)


def _normal(rows: Floats) -> tuple[Floats, Floats]:
    """How much of the normal distribution is below each number, and exp(-x²/2)."""
    bell = np.exp(-HALF * rows * rows)
    near = 1 / (1 + BEND * np.abs(rows))
    above = np.zeros_like(rows)
    for number in CURVE:
        above += number
        above *= near
    above *= bell
    return np.where(rows > 0, 1 - above, above), bell


def _normalise(rows: Floats, weight: Floats, bias: Floats) -> tuple[Floats, tuple[Floats, Floats]]:
    centred = rows - rows.mean(axis=1, keepdims=True)
    scale = 1 / np.sqrt((centred * centred).mean(axis=1, keepdims=True) + EPSILON)
    plain = centred * scale
    return plain * weight + bias, (plain, scale)


def _normalise_back(
    slope: Floats, layer: Layer, name: str, seen: tuple[Floats, Floats], found: Layer
) -> Floats:
    plain, scale = seen
    found |= {name: (slope * plain).sum(axis=0), f"{name}_bias": slope.sum(axis=0)}
    inner = slope * layer[name]
    along = (inner * plain).mean(axis=1, keepdims=True)
    return np.asarray(scale * (inner - inner.mean(axis=1, keepdims=True) - plain * along))
