"""Run custom actions in the bot's own process."""

from __future__ import annotations

from typing import Any, Final

from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.utils.common import all_subclasses
from rasa_sdk.executor import ActionExecutor

# Rasa looks through all kinds of events for each one's name.
_KINDS: Final = {kind.type_name: kind for kind in all_subclasses(Event)}


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
            "domain": {"responses": domain.responses, "intents": domain.intents},
        }
        result = await self._executor.run(call) or {}
        said = await self._utter_responses(result["responses"], output_channel, nlg, tracker)
        return [*said, *map(_event, result["events"])]


def _event(given: dict[str, Any]) -> Event:
    event: Event = _KINDS[given["event"]]._from_parameters(given)
    return event
