"""Answer as the bot does, and tell how: what was understood, done and remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channel import readable
from bot.database import SqliteDatabase
from bot.engine.agent import BotAgent
from bot.engine.conversations import SCHEMA, ConversationStore
from bot.engine.processor import Processor
from bot.turns import Observed, Said, Step


class _Watched(Processor):
    """A processor that remembers its latest turn, and how long each part took."""

    latest: DialogueStateTracker
    seconds: defaultdict[str, float]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seconds = defaultdict(float)

    async def save_tracker(self, tracker: DialogueStateTracker) -> None:
        self.latest = tracker
        await super().save_tracker(tracker)

    def note(self, step: str, seconds: float) -> None:
        self.seconds[step] += seconds


class ObservedAgent(BotAgent):
    """An agent for one visitor at a time, which tells how it came to each answer."""

    processor_kind: type[Processor] = _Watched

    async def observe(self, sender: str, text: str) -> Observed:
        """Answer a message and return the whole turn."""
        assert isinstance(self.processor, _Watched), "no model has been loaded"
        known = await self.conversations.find(sender)
        before = _set(known) if known else {}
        self.processor.seconds.clear()
        items = await self.answer(sender, text)
        tracker = self.processor.latest
        steps = tuple(_steps(tracker.events))
        return Observed(
            readable(text),
            items,
            steps,
            before,
            _set(tracker),
            dict(self.processor.seconds),
        )


def observed_agent(model: Path) -> ObservedAgent:
    """Return an agent with the model, its conversations in memory."""
    agent = ObservedAgent(ConversationStore(Domain.empty(), SqliteDatabase(None, SCHEMA)))
    agent.load_model(model)
    return agent


def _set(tracker: DialogueStateTracker) -> dict[str, Any]:
    return {s.name: s.value for s in tracker.slots.values() if s.value != s.initial_value}


def _steps(events: Iterable[Event]) -> Iterator[Step]:
    """Return the steps of a turn; what comes before its message is not part of it."""
    steps: list[list[Event]] = []
    for event in events:
        if isinstance(event, UserUttered):
            steps.append([])
        if steps:
            steps[-1].append(event)
    return (_step(*one) for one in steps)


def _step(user: Event, *events: Event) -> Step:
    assert isinstance(user, UserUttered)
    ranking = (user.parse_data or {}).get("intent_ranking") or []
    return Step(
        text=user.text or "",
        intent=str(user.intent_name),
        ranking=tuple((one["name"], one["confidence"]) for one in ranking),
        entities=tuple(user.entities),
        actions=tuple(
            str(event.action_name)
            for event in events
            if isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME
        ),
        said=tuple(_said(event) for event in events if isinstance(event, BotUttered)),
    )


def _said(event: BotUttered) -> Said:
    custom = event.data.get("custom") or {}
    return Said(event.text or "", (event.metadata or {}).get("utter_action"), custom.get("id"))
