"""What tests say that was heard, and what was asked before."""

from bot.dialogue.heard import Heard
from bot.dialogue.memory import Ask, Memory


def heard(intent="oos", text="…", margin=0.0, entities=(), offered=(), nearest=(), **found):
    """Return a message; entities without a place are given by their kind."""
    given = [
        {"entity": kind, "value": value}
        for kind, values in found.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    parsed = {
        "intent": {"name": intent},
        "entities": [*entities, *given],
        "intent_ranking": [{"name": name} for name in nearest],
    }
    return Heard.of(text, parsed, margin, (), list(offered))


def entity(text, kind, value, written):
    """Return an entity where it is written in the text."""
    start = text.index(written)
    return {"entity": kind, "value": value, "start": start, "end": start + len(written)}


def after(*asks):
    """Return what is remembered after messages that asked one thing each."""
    memory = Memory()
    for ask in asks:
        memory = memory.after([ask])
    return memory


def about(*topics, facet="what"):
    """Return a question about topics."""
    return Ask("ask", topics, facet)
