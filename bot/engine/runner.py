"""Run the model's components one after the other."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class StraightRunner(GraphRunner):
    """Runs the components in an order that is found once for each target.

    Rasa's own runner plans anew with dask at every run, three times a message. A component
    with `only_evaluated` is neither loaded nor run: what it makes serves `rasa test` alone.
    """

    def __init__(
        self,
        schema: GraphSchema,
        storage: ModelStorage,
        context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> None:
        """Load every component of the schema from the storage."""
        self._schema = schema
        self._nodes = {
            name: GraphNode.from_schema_node(name, node, storage, context, hooks)
            for name, node in schema.nodes.items()
            if not getattr(node.uses, "only_evaluated", False)
        }
        self._orders: dict[tuple[str, ...], list[str]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> StraightRunner:
        """Create the runner, as Rasa asks for it."""
        return cls(graph_schema, model_storage, execution_context, hooks)

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """Return what each target gives; `inputs` are what components need from outside."""
        wanted = tuple(targets or self._schema.target_names)
        results = dict(inputs or {})
        for name in self._order(wanted):
            needs = self._schema.nodes[name].needs.values()
            given = [(need, results[need]) if need in results else need for need in needs]
            if name in self._nodes:
                _, results[name] = self._nodes[name](*given)
            else:
                (_, results[name]), *_ = given
        return {target: results[target] for target in wanted}

    def component[Kind](self, kind: type[Kind]) -> Kind:
        """Return the component of a class, which the model must have."""
        parts = (node._component for node in self._nodes.values())
        return next(part for part in parts if isinstance(part, kind))

    def _order(self, targets: tuple[str, ...]) -> list[str]:
        if targets not in self._orders:
            nodes = self._schema.minimal_graph_schema(list(targets)).nodes
            needs = {name: node.needs.values() for name, node in nodes.items()}
            order = TopologicalSorter(needs).static_order()
            self._orders[targets] = [name for name in order if name in nodes]
        return self._orders[targets]
