"""How near a sentence is to the examples that an intent model has learnt from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

NEAREST = 3


class Neighbours:
    """The examples' vectors of length one, those of a label together, in the order of the labels.

    ends: where each label's vectors end, shape (labels,).
    """

    def __init__(self, vectors: Vectors, ends: NDArray[np.intp]) -> None:
        self.vectors = vectors
        self.ends = ends

    @classmethod
    def of(cls, vectors: Vectors, columns: NDArray[np.intp], labels: int) -> Neighbours:
        """Those of examples whose labels have the numbers `columns`, from 0 to `labels` - 1."""
        order = np.argsort(columns, kind="stable")
        return cls(vectors[order], np.cumsum(np.bincount(columns, minlength=labels)))

    def nearness(self, vectors: Vectors) -> NDArray[np.float64]:
        """The mean cosine to the nearest examples, by vector."""
        return _nearest(vectors, self.vectors)

    def are_as_near(self, vector: Vectors, least: float, likely: int) -> bool:
        """Whether `nearness` of one vector is `least` or more.

        The examples of the label numbered `likely` are looked at first: all of them together do not
        fit into a processor's cache, and are looked at only where those few are not near enough.
        """
        start = self.ends[likely - 1] if likely else 0
        few = self.vectors[start : self.ends[likely]]
        near = len(few) >= NEAREST and bool(_nearest(vector[np.newaxis], few)[0] >= least)
        return near or bool(self.nearness(vector[np.newaxis])[0] >= least)


def _nearest(vectors: Vectors, examples: Vectors) -> NDArray[np.float64]:
    near = np.partition(vectors @ examples.T, -NEAREST, axis=1)[:, -NEAREST:]
    return np.asarray(near.mean(axis=1), dtype=np.float64)
