"""The sentence encoder and its weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu import encoder as module
from bot.nlu.encoder import EncoderUnavailable, sentence_encoder
from bot.nlu.layers import WIDTH, Dropout, Pass, read_layer


def test_vectors_have_length_one_and_like_means_near() -> None:
    vectors = sentence_encoder().encode(
        ["my phone has no signal", "I have no reception on my mobile", "I would like a pizza"]
    )
    assert vectors.shape == (3, WIDTH)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-3)
    assert vectors[0] @ vectors[1] > 0.6 > 0.3 > vectors[0] @ vectors[2]


def test_a_sentence_s_vector_does_not_depend_on_its_company() -> None:
    both = sentence_encoder().encode(
        ["hello", "where is my very long and winding order that never came"]
    )
    assert np.array_equal(sentence_encoder().encode(["hello"])[0], both[0])


def test_states_are_of_the_sentence_asked_for_and_stand_where_its_words_do() -> None:
    encoder = sentence_encoder()
    first, second = "no signal at home", "where is my order"
    alone = encoder.states(first)[1]
    encoder.states(second)
    places, states = encoder.states(first)
    assert np.array_equal(states, alone)
    assert [first[start:end] for start, end in places if end > start] == first.split()


def test_int8_is_true_to_the_exact_encoder() -> None:
    from safetensors.numpy import load_file

    from bot.nlu.encoder_graph import crown_graph, trunk_graph

    source = module._source()
    weights = load_file(str(source / module.WEIGHTS))
    layers = [read_layer(weights, number) for number in range(module.LAYERS)]
    trunk = trunk_graph(weights, layers[: -module.TUNABLE], exact=True)
    crown = crown_graph(layers[-module.TUNABLE :], exact=True)
    exact = module.SentenceEncoder(
        trunk.SerializeToString(),
        crown.SerializeToString(),
        source / module.WEIGHTS,
        source / module.WORD_PIECES,
    )
    said = [
        "my mobile data stopped working yesterday",
        "top up",
        "why was I charged twice in October?",
    ]
    assert (exact.encode(said) * sentence_encoder().encode(said)).sum(axis=1).min() > 0.98
    again = Pass(exact.tunable(), exact.hidden(said), Dropout()).vectors
    assert np.abs(again - exact.encode(said)).max() < 1e-5


def test_a_machine_without_the_graph_builds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CACHE", tmp_path)
    built = module.sentence_encoder.__wrapped__()
    assert list(tmp_path.glob("*.onnx"))
    assert np.array_equal(built.encode(["no signal"]), sentence_encoder().encode(["no signal"]))


def test_other_weights_are_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / module.WEIGHTS).write_bytes(b"something else")
    (tmp_path / module.WORD_PIECES).write_bytes(b"{}")
    monkeypatch.setenv("FIRSTLINE_ENCODER_DIR", str(tmp_path))
    monkeypatch.setattr(module, "CACHE", tmp_path / "cache")
    with pytest.raises(EncoderUnavailable, match="not that of all-MiniLM-L6-v2"):
        sentence_encoder.__wrapped__()


def test_missing_weights_are_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTLINE_ENCODER_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setattr(module, "CACHE", tmp_path / "cache")
    with pytest.raises(EncoderUnavailable, match="cannot be read"):
        sentence_encoder.__wrapped__()
