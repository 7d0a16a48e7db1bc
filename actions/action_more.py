"""Tell more about what was said last."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import EventType

from actions.reference import STAYING, ordinals
from actions.turn import KnowledgeAction, Turn, ask

# "Vad är skillnaden mellan dem?"
_COMPARES: Final = re.compile(r"skilln|skilj|jämför", re.IGNORECASE)


class ActionMore(KnowledgeAction):
    """Tells the longer text of the last fact, or says that the page holds no more."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_more"

    def answer(self, turn: Turn) -> list[EventType]:
        """Tell more, without changing what the conversation is about."""
        if turn.listed() and ordinals(turn):
            return turn.take_as("refer")
        last = turn.last_question() or ""
        if last in STAYING:  # "Kostar det något?" after a local matter.
            return turn.take_as(last)
        fact = turn.knowledge.facts.get(last)
        role = turn.knowledge.roles.get(last)
        if _COMPARES.search(turn.text) and (beside := turn.knowledge.list_with(last)):
            return ask(*[f"/{name}" for name in beside])
        if fact:
            buttons = turn.ways_on(*fact.follow_ups)
            if fact.more:
                turn.tell(fact.more, fact.id, buttons)
            else:
                turn.say("utter_no_more", buttons)
        elif last:
            turn.say("utter_no_more", turn.ways_on(*(role.follow_ups if role else ["help"])))
        else:
            turn.say("utter_more_of_what")
        return []
