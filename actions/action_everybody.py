"""List everybody who works at the unit."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.turn import KnowledgeAction, Turn, bullets


class ActionEverybody(KnowledgeAction):
    """Lists all people with their titles."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_everybody"

    def answer(self, turn: Turn) -> list[EventType]:
        """List all people."""
        people = list(turn.knowledge.people.values())
        lines = bullets(f"{person.name}, {person.title.lower()}" for person in people)
        buttons = turn.ways_on("contact_topic", "contact_phone", "contact_email")
        turn.show("utter_everybody", people, count=len(people), people=lines, buttons=buttons)
        listed = turn.about_each(people)
        return turn.remember(people=[], listed=listed)
