"""The agent: a model, the conversations, and the order of each visitor's messages."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa_sdk.executor import ActionExecutor

from bot.engine.conversations import ConversationStore
from bot.engine.processor import Processor
from bot.errors import ModelError
from bot.facts import one_turn


class BotAgent(Agent):
    """Rasa's agent, which answers messages of one conversation one at a time."""

    def __init__(self, tracker_store: ConversationStore) -> None:
        """Find the actions. Load a model with `load_model` before the first message."""
        super().__init__(domain=Domain.empty(), tracker_store=tracker_store)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @staticmethod
    def _create_tracker_store(store: ConversationStore, domain: Domain) -> ConversationStore:
        # Rasa's wrapper would go on in memory, without a word, when the database fails.
        store.domain = domain
        return store

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
        async with turn, one_turn():
            assert self.processor, "no model has been loaded"
            answer: list[dict[str, Any]] | None = await self.processor.handle_message(message)
            return answer


def load_agent(model: Path, database: Path | None) -> BotAgent:
    """Return an agent with the model, its conversations in an SQLite file or in memory."""
    agent = BotAgent(ConversationStore(Domain.empty(), database))
    agent.load_model(model)
    return agent
