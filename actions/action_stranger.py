"""Say that nobody here has the name in the message, and who has one like it."""

from __future__ import annotations

from typing import Final

from actions.turn import KnowledgeAction, Turn
from bot.dialogue.decision import STRANGER

# How many people with a similar name are offered.
_NAMESAKES: Final = 3


class ActionStranger(KnowledgeAction):
    """Answers about somebody who is not among the staff."""

    def name(self) -> str:
        """Return the name that the policy uses."""
        return STRANGER

    def answer(self, turn: Turn) -> None:
        """Say that the name is not found, or that the organisation is another."""
        strangers = turn.entities("other_person")
        stranger = next((one for one in strangers if one.get("namesakes")), strangers[0])
        known = turn.knowledge.people
        namesakes = [name for name in stranger.get("namesakes", ()) if name in known]
        head = turn.knowledge.first_role.intent
        buttons = [
            *(turn.knowledge.button("contact_person", one) for one in namesakes[:_NAMESAKES]),
            *turn.ways_on("contact_all", *([] if namesakes else [head])),
        ]
        name = str(stranger["value"])
        utterance = "utter_person_unknown"
        if stranger.get("elsewhere"):
            utterance = "utter_person_elsewhere"
        elif turn.ask.polar:
            utterance = "utter_person_unknown_claim"
        turn.say(utterance, buttons, name=name.title() if name.islower() else name)
