"""Runs Rasa's graph node by node, without building a task graph for each message."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner


class DirectGraphRunner(DaskGraphRunner):
    """The same results as Rasa's runner; the order of the nodes is worked out once per target."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._order = lru_cache(maxsize=None)(self._ordered_nodes)

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """The output of each target node, given the `inputs` by name."""
        wanted = tuple(targets or self._graph_schema.target_names)
        outputs: dict[str, Any] = dict(inputs or {})
        results: dict[str, Any] = {}
        for name, needs in self._order(wanted):
            arguments = [(need, outputs[need]) for need in needs]
            result = self._instantiated_nodes[name](*arguments)
            results[name], outputs[name] = result[1], result[1]
        return {name: results[name] for name in wanted}

    def components(self, kind: type[Any]) -> list[Any]:
        """The components of the graph that are of this class."""
        found = (node._component for node in self._instantiated_nodes.values())
        return [component for component in found if isinstance(component, kind)]

    def _ordered_nodes(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        schema: GraphSchema = self._graph_schema.minimal_graph_schema(list(targets))
        order: list[tuple[str, tuple[str, ...]]] = []
        placed: set[str] = set()

        def place(name: str) -> None:
            if name in placed or name not in schema.nodes:
                return
            needs = tuple(schema.nodes[name].needs.values())
            placed.add(name)
            for need in needs:
                place(need)
            order.append((name, needs))

        for target in targets:
            place(target)
        return order
