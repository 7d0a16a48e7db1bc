"""In place of dask: the one function that Rasa calls, when it trains and in `rasa test`."""

from graphlib import TopologicalSorter


def get(graph, targets):
    """Return what the targets give.

    Args:
        graph: by name, either a function and the names of what it is given, or a value in the
            form of what such a function returns: (name, value).
        targets: names.

    """
    needs = {name: rest if callable(first) else () for name, (first, *rest) in graph.items()}
    results = {}
    for name in TopologicalSorter(needs).static_order():
        if name not in graph:  # Rasa says itself what nobody provides.
            results[name] = name
        elif callable(graph[name][0]):
            results[name] = graph[name][0](*(results[need] for need in needs[name]))
        else:
            results[name] = graph[name]
    return [results[name] for name in targets]
