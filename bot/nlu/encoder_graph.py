"""Builds the sentence encoder's ONNX graph from its weights, without torch.

The graph is BERT's (Devlin et al. 2019) in MiniLM's size (Wang et al. 2020): token ids and mask in,
mean-pooled sentence vectors out. It is then quantised to int8 for one CPU thread.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

LAYERS, HEADS, WIDTH = 6, 12, 384
OPSET = 17
EPSILON = 1e-12
IDS, MASK, VECTORS = "input_ids", "attention_mask", "vectors"


def write_quantised(weights: Mapping[str, NDArray[np.float32]], path: Path) -> None:
    """Writes the int8 encoder for `weights` (by their names in the safetensors file) to `path`."""
    quantisation = _quantisation()
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        onnx.save(encoder_graph(weights), str(exact))
        quantisation.quantize_dynamic(
            str(exact), str(path), weight_type=quantisation.QuantType.QInt8, per_channel=True,
            op_types_to_quantize=["MatMul", "Gather"])  # fmt: skip


def _quantisation() -> ModuleType:
    """onnxruntime's, which loads sympy for an inference of shapes that is not asked for here.

    sympy is not installed (30 MB); an empty module stands in for it while the other is loaded.
    """
    missing = "sympy" not in sys.modules and importlib.util.find_spec("sympy") is None
    if missing:
        sys.modules["sympy"] = ModuleType("sympy")
    try:
        return importlib.import_module("onnxruntime.quantization")
    finally:
        if missing:
            del sys.modules["sympy"]


def encoder_graph(weights: Mapping[str, NDArray[np.float32]]) -> onnx.ModelProto:
    """The encoder in single precision, with its weights inside."""
    graph = _Graph(weights)
    hidden = graph.embeddings()
    bias = graph.attention_bias()
    for layer in range(LAYERS):
        hidden = graph.layer(hidden, bias, f"encoder.layer.{layer}")
    graph.mean_pooled(hidden, VECTORS)
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in (IDS, MASK)
    ]
    outputs = [helper.make_tensor_value_info(VECTORS, TensorProto.FLOAT, ["batch", WIDTH])]
    made = helper.make_graph(graph.nodes, "sentence_encoder", inputs, outputs, graph.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.checker.check_model(model)
    return model


class _Graph:
    """Nodes and constants as they are added; every method returns the name of its output."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        self._weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def embeddings(self) -> str:
        words = self._add("Gather", self._weight("embeddings.word_embeddings.weight"), IDS)
        length = self._add(
            "Gather", self._add("Shape", IDS), self._constant("one_index", np.array(1)), axis=0
        )
        places = self._add(
            "Range", self._constant("zero", np.array(0)), length, self._constant("one", np.array(1))
        )
        positions = self._add(
            "Gather", self._weight("embeddings.position_embeddings.weight"), places
        )
        kinds = self._constant("kind", self._weights["embeddings.token_type_embeddings.weight"][:1])
        summed = self._add("Add", self._add("Add", words, positions), kinds)
        return self._normalised(summed, "embeddings.LayerNorm")

    def attention_bias(self) -> str:
        """0 where there is a token, a large negative number where there is padding."""
        mask = self._add("Cast", MASK, to=TensorProto.FLOAT)
        axes = self._constant("mask_axes", np.array([1, 2]))
        wide = self._add("Unsqueeze", mask, axes)
        absent = self._add("Sub", self._constant("unit", np.array(1.0, np.float32)), wide)
        return self._add("Mul", absent, self._constant("masked", np.array(-10000.0, np.float32)))

    def layer(self, hidden: str, bias: str, name: str) -> str:
        query, key, value = (
            self._heads(self._linear(hidden, f"{name}.attention.self.{part}"), part == "key")
            for part in ("query", "key", "value")
        )
        scale = self._constant("scale", np.array((WIDTH // HEADS) ** -0.5, np.float32))
        scores = self._add("Add", self._add("Mul", self._add("MatMul", query, key), scale), bias)
        mixed = self._add("MatMul", self._add("Softmax", scores, axis=-1), value)
        joined = self._add("Reshape", self._add("Transpose", mixed, perm=[0, 2, 1, 3]),
                           self._constant("joined", np.array([0, 0, WIDTH])))  # fmt: skip
        attended = self._linear(joined, f"{name}.attention.output.dense")
        hidden = self._normalised(
            self._add("Add", attended, hidden), f"{name}.attention.output.LayerNorm"
        )
        inner = self._gelu(self._linear(hidden, f"{name}.intermediate.dense"))
        outer = self._linear(inner, f"{name}.output.dense")
        return self._normalised(self._add("Add", outer, hidden), f"{name}.output.LayerNorm")

    def mean_pooled(self, hidden: str, output: str) -> None:
        """The mean over real tokens, at length one."""
        mask = self._add("Unsqueeze", self._add("Cast", MASK, to=TensorProto.FLOAT),
                         self._constant("last_axis", np.array([2])))  # fmt: skip
        axis = self._constant("length_axis", np.array([1]))
        total = self._add("ReduceSum", self._add("Mul", hidden, mask), axis, keepdims=0)
        mean = self._add("Div", total, self._add("ReduceSum", mask, axis, keepdims=0))
        length = self._add("ReduceL2", mean, axes=[1], keepdims=1)
        self._add("Div", mean, length, output=output)

    def _heads(self, hidden: str, is_key: bool) -> str:
        shape = self._constant("split", np.array([0, 0, HEADS, WIDTH // HEADS]))
        order = [0, 2, 3, 1] if is_key else [0, 2, 1, 3]
        return self._add("Transpose", self._add("Reshape", hidden, shape), perm=order)

    def _linear(self, hidden: str, name: str) -> str:
        weight = self._constant(
            f"{name}.weight", np.ascontiguousarray(self._weights[f"{name}.weight"].T)
        )
        return self._add("Add", self._add("MatMul", hidden, weight), self._weight(f"{name}.bias"))

    def _gelu(self, hidden: str) -> str:
        root = self._add("Div", hidden, self._constant("root_two", np.array(2**0.5, np.float32)))
        shifted = self._add(
            "Add", self._add("Erf", root), self._constant("unit", np.array(1.0, np.float32))
        )
        return self._add(
            "Mul",
            self._add("Mul", hidden, shifted),
            self._constant("half", np.array(0.5, np.float32)),
        )

    def _normalised(self, hidden: str, name: str) -> str:
        return self._add("LayerNormalization", hidden, self._weight(f"{name}.weight"), self._weight(f"{name}.bias"),
                         axis=-1, epsilon=EPSILON)  # fmt: skip

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _constant(self, name: str, value: NDArray[np.generic]) -> str:
        if not any(constant.name == name for constant in self.constants):
            self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def _add(self, kind: str, *inputs: str, output: str | None = None, **attributes: object) -> str:
        name = output or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name
