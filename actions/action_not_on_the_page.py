"""Say that the page does not tell, and whom to ask."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.turn import KnowledgeAction, Turn, one_of


class ActionNotOnThePage(KnowledgeAction):
    """Names the person to ask about what the page leaves out."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_not_on_the_page"

    def answer(self, turn: Turn) -> list[EventType]:
        """Say that it is not on the page."""
        people = turn.knowledge.first_to_turn_to()
        names = [f"{person.title.lower()} {person.name}" for person in people]
        turn.say(
            "utter_not_on_the_page",
            turn.ways_on("contact_topic", "contact_all", "help"),
            whom=one_of(names, "eller") if names else turn.knowledge.unit.name,
            instead=turn.knowledge.unit.instead,
        )
        return turn.remember(people=[], beside=people)
