"""Builds the sentence encoder's ONNX graphs from its weights, without torch, in int8 for one CPU thread.

The encoder is BERT's (Devlin et al. 2019) in MiniLM's size (Wang et al. 2020), cut in two: the trunk
makes hidden states of one sentence's token ids; the crown (the topmost layers, which may be tuned)
makes of these the means over the tokens, below its layers and after each of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from bot.nlu.layers import EPSILON, HEADS, WIDTH, Floats, Layer

OPSET, OPTIMISED = 20, "com.microsoft"
IDS, HIDDEN, MEANS = "input_ids", "hidden", "means"
LARGEST, MIDDLE = 127, 128


def trunk_graph(
    weights: Mapping[str, Floats], layers: Sequence[Layer], exact: bool = False
) -> onnx.ModelProto:
    """Token ids, shape (1, length), to hidden states, shape (1, length, 384).

    weights: by their names in the safetensors file, for the embeddings. Products are of eight-bit
    numbers, unless `exact`.
    """
    graph = _Graph(exact)
    hidden = graph.embeddings(weights)
    for number, layer in enumerate(layers):
        hidden = graph.layer(hidden, layer, f"layer{number}")
    graph.add("Identity", hidden, output=HIDDEN)
    ids = helper.make_tensor_value_info(IDS, TensorProto.INT64, [1, "length"])
    return graph.model(ids, _floats(HIDDEN, [1, "length", WIDTH]))


def crown_graph(layers: Sequence[Layer], exact: bool = False) -> onnx.ModelProto:
    """Hidden states, shape (1, length, 384), to their means before and after each layer, (layers + 1, 384)."""
    graph = _Graph(exact)
    states = [HIDDEN]
    for number, layer in enumerate(layers):
        states.append(graph.layer(states[-1], layer, f"layer{number}"))
    axis = graph.constant("length_axis", np.array([1]))
    means = [graph.add("ReduceMean", state, axis, keepdims=0) for state in states]
    graph.add("Concat", *means, output=MEANS, axis=0)
    return graph.model(_floats(HIDDEN, [1, "length", WIDTH]), _floats(MEANS, [len(states), WIDTH]))


def in_eight_bits(rows: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Whole numbers from -127 to 127 and, by row, what one of them stands for, shape (rows, 1)."""
    scale = np.maximum(np.abs(rows).max(axis=1, keepdims=True), np.float32(1e-12)) / LARGEST
    return np.round(rows / scale).astype(np.int8), scale.astype(np.float32)


def _floats(name: str, shape: list[int | str]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


class _Graph:
    """Nodes and constants as they are added; methods return the name of their output."""

    def __init__(self, exact: bool) -> None:
        self._exact = exact
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._known: set[str] = set()

    def model(self, given: onnx.ValueInfoProto, made: onnx.ValueInfoProto) -> onnx.ModelProto:
        graph = helper.make_graph(self._nodes, "encoder", [given], [made], self._constants)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(OPTIMISED, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
        onnx.checker.check_model(model)
        return model

    def embeddings(self, weights: Mapping[str, Floats]) -> str:
        words = self._rows("words", weights["embeddings.word_embeddings.weight"])
        size = self.add("Shape", IDS)
        length = self.add("Gather", size, self.constant("one_index", np.array(1)), axis=0)
        places = self.add("Range", self.constant("zero", np.array(0)), length,
                          self.constant("one", np.array(1)))  # fmt: skip
        table = self.constant("positions", weights["embeddings.position_embeddings.weight"])
        kinds = self.constant("kind", weights["embeddings.token_type_embeddings.weight"][:1])
        summed = self.add("Add", words, self.add("Gather", table, places))
        norm = (weights[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias"))
        return self._normalised(
            self.add("Add", summed, kinds), *map(self.constant, ("norm", "norm_bias"), norm)
        )

    def layer(self, hidden: str, layer: Layer, name: str) -> str:
        def linear(given: str, part: str) -> str:
            product = self._product(given, layer[part], f"{name}.{part}")
            return self.add("Add", product, held(f"{part}_bias"))

        def normalised(given: str, part: str) -> str:
            return self._normalised(given, held(part), held(f"{part}_bias"))

        def held(part: str) -> str:
            return self.constant(f"{name}.{part}", layer[part])

        parts = [f"{name}.query", f"{name}.key", f"{name}.value"]
        self._nodes.append(
            helper.make_node("Split", [linear(hidden, "parts")], parts, axis=-1, num_outputs=3)
        )
        gathered = self.add("MultiHeadAttention", *parts, domain=OPTIMISED, num_heads=HEADS)
        middle = normalised(self.add("Add", linear(gathered, "mix"), hidden), "mixed")
        lowered = linear(self.add("Gelu", linear(middle, "up")), "down")
        return normalised(self.add("Add", lowered, middle), "done")

    def _rows(self, name: str, table: Floats) -> str:
        """The rows of a table that `IDS` name."""
        if self._exact:
            return self.add("Gather", self.constant(name, table), IDS)
        small, scale = in_eight_bits(table)
        rows = self.add("Gather", self.constant(name, small), IDS)
        scales = self.add("Gather", self.constant(f"{name}.scale", scale), IDS)
        return self.add("Mul", self.add("Cast", rows, to=TensorProto.FLOAT), scales)

    def _product(self, given: str, weight: Floats, name: str) -> str:
        """given · weight; each output has a scale of its own, and so has the input of each token.

        With one scale for all tokens those of large numbers would leave the others few steps.
        """
        if self._exact:
            return self.add("MatMul", given, self.constant(name, weight))
        small, scale = in_eight_bits(weight.T)
        highest = self.add("Max", self._highest(given), self._shared("least", 1e-12))
        steps = self.add("Mul", given, self.add("Div", self._shared("largest", LARGEST), highest))
        # The half is for rounding, as a cast cuts off.
        raised = self.add("Add", steps, self._shared("middle", MIDDLE + 0.5))
        whole = self.add("MatMulInteger", self.add("Cast", raised, to=TensorProto.UINT8),
                         self.constant(name, np.ascontiguousarray(small.T)),
                         self.constant(f"{name}.zero", np.array(MIDDLE, np.uint8)))  # fmt: skip
        by_token = self.add("Mul", self.add("Cast", whole, to=TensorProto.FLOAT), highest)
        return self.add("Mul", by_token, self.constant(f"{name}.scale", scale[:, 0] / LARGEST))

    def _highest(self, given: str) -> str:
        """The largest number of each token, whatever its sign, shape (1, length, 1)."""
        last = self._shared("last_axis", -1, np.int64)
        return self.add("ReduceMax", self.add("Abs", given), last, keepdims=1)

    def _shared(self, name: str, number: float, kind: type[np.generic] = np.float32) -> str:
        """A constant of one number that several nodes use."""
        if name not in self._known:
            self._known.add(name)
            self.constant(name, np.array([number], kind))
        return name

    def _normalised(self, hidden: str, weight: str, bias: str) -> str:
        return self.add("LayerNormalization", hidden, weight, bias, axis=-1, epsilon=float(EPSILON))

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self._constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def add(self, kind: str, *inputs: str, output: str | None = None, **attributes: object) -> str:
        name = output or f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name
