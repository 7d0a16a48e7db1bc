"""Rasa's agent with the actions in its own process. All that we change in Rasa is here."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.actions.action import Action, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa_sdk.executor import ActionExecutor

from bot.errors import ModelError


class InProcessAction(RemoteAction):
    """A custom action that runs here instead of on an action server.

    Rasa checks each action server's reply against a JSON schema, which takes 21 ms. Our
    own actions need no such check.
    """

    def __init__(self, name: str, executor: ActionExecutor) -> None:
        """Take the executor that knows the actions."""
        super().__init__(name, action_endpoint=None)
        self._executor = executor

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Run the action and return what it said and its events."""
        call: dict[str, Any] = {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": tracker.current_state(EventVerbosity.AFTER_RESTART),
            "domain": {},
        }
        result = await self._executor.run(call) or {}
        said = await self._utter_responses(result["responses"], output_channel, nlg, tracker)
        return [*said, *deserialise_events(result["events"])]


class Processor(MessageProcessor):
    """Rasa's processor, with actions in process and payloads only from offered buttons."""

    def __init__(self, *args: Any, executor: ActionExecutor, **kwargs: Any) -> None:
        """Take the executor that knows the actions."""
        super().__init__(*args, **kwargs)
        self._executor = executor

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """Predict as Rasa does; a custom action then runs in this process."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if type(action) is RemoteAction:
            action = InProcessAction(action.name(), self._executor)
        return action, prediction

    async def _handle_message_with_tracker(
        self, message: UserMessage, tracker: DialogueStateTracker
    ) -> None:
        is_payload = bool(message.text) and message.text.lstrip().startswith("/")
        if is_payload and not _was_offered(message.text, tracker):
            # Rasa would obey "/restart". Nobody offered it, so it is only text.
            message.text = message.text.lstrip().lstrip("/") or "?"
        await super()._handle_message_with_tracker(message, tracker)


def _was_offered(payload: str, tracker: DialogueStateTracker) -> bool:
    return any(
        button.get("payload") == payload
        for event in tracker.events
        if isinstance(event, BotUttered)
        for button in event.data.get("buttons") or []
    )


class BotAgent(Agent):
    """Rasa's agent, which answers messages of one conversation one at a time."""

    def __init__(self, tracker_store: TrackerStore) -> None:
        """Find the actions. Load a model with `load_model` before the first message."""
        super().__init__(domain=Domain.empty(), tracker_store=tracker_store)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a trained model.

        Raises:
            ModelError: the file is not a model that can be loaded.

        """
        try:
            self.processor = Processor(
                model_path=model_path,
                tracker_store=self.tracker_store,
                lock_store=self.lock_store,
                generator=self.nlg,
                executor=self._executor,
            )
        except Exception as error:
            raise ModelError(f"Modellen {model_path} går inte att ladda: {error}") from error
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        self.nlg.responses = self.domain.responses

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        """Answer a message after those that the same visitor sent before it.

        Rasa's own lock store looks once a second whether it is its turn; this does not wait.
        """
        turn = self._turns.setdefault(message.sender_id, asyncio.Lock())
        async with turn:
            assert self.processor, "no model has been loaded"
            answer: list[dict[str, Any]] | None = await self.processor.handle_message(message)
            return answer


def load_agent(model: Path, database: Path | None) -> BotAgent:
    """Return an agent with the model, its conversations in an SQLite file or in memory."""
    domain = Domain.empty()
    if database is None:
        return _with_model(BotAgent(InMemoryTrackerStore(domain)), model)
    database.parent.mkdir(parents=True, exist_ok=True)
    store = SQLTrackerStore(domain=domain, dialect="sqlite", db=str(database))
    return _with_model(BotAgent(store), model)


def _with_model(agent: BotAgent, model: Path) -> BotAgent:
    agent.load_model(model)
    return agent
