"""Say a phrase of the bot's own where what it answers follows from the conversation."""

from __future__ import annotations

from typing import Final

from rasa_sdk.events import EventType

from actions.decided import decided, remember_said, was_said
from actions.turn import KnowledgeAction, Turn

# Phrases by the topic that is asked about.
_OF_TOPIC: Final = {
    "local": "utter_local",
    "other": "utter_oos",
    "bot": "utter_bot_challenge",
    "privacy": "utter_privacy",
}


class ActionSay(KnowledgeAction):
    """Utters the phrase of the act, or of whose matter it is."""

    def name(self) -> str:
        """Return the name that the policy uses."""
        return "action_say"

    def answer(self, turn: Turn) -> list[EventType]:
        """Utter it, in other words when it has just been said."""
        ask = decided(turn)
        topic = next(iter(ask.topics), "")
        phrase = _OF_TOPIC.get(topic, f"utter_{ask.act}" if topic else "utter_help")
        if (
            ask.act in ("ask", "follow", "swap", "confirm", "correct", "return")
            and topic not in _OF_TOPIC
        ):
            phrase = "utter_help"
        again = "_again" if was_said(turn, phrase) else ""
        turn.say(phrase + again)
        return remember_said(phrase)
