"""Say a phrase of the bot's own."""

from __future__ import annotations

from typing import Final

from actions.turn import KnowledgeAction, Turn
from bot.settings import settings

_PRIVACY: Final = "privacy"


class ActionSay(KnowledgeAction):
    """Utters the phrase that was decided on, else the one that is named after the intent."""

    def name(self) -> str:
        """Return the name that the policy and the rules use."""
        return "action_say"

    def answer(self, turn: Turn) -> None:
        """Utter it, in other words when it has just been said."""
        phrase = turn.decision.phrase or f"utter_{turn.intent}"
        is_collecting = phrase == f"utter_{_PRIVACY}" and settings().collect_questions
        turn.say_phrase(phrase, "utter_privacy_collecting" if is_collecting else "")
