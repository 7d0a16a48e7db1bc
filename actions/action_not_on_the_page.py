"""Say that the page does not tell, and whom to ask."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions import telling
from actions.reference import meant, named, still_about
from actions.turn import KnowledgeAction, Turn


class ActionNotOnThePage(KnowledgeAction):
    """Names the person to ask about what the page leaves out."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_not_on_the_page"

    def answer(self, turn: Turn) -> list[EventType]:
        """Say that it is not on the page."""
        if matter := still_about(turn):
            return turn.take_as(matter)
        if turn.last_question() == turn.intent:
            turn.say("utter_not_on_the_page_again", turn.ways_on("contact_topic", "help"))
            return []
        for person in named(turn):
            turn.show("utter_role_one", [person], name=person.name, title=person.title.lower())
        telling.say_not_on_the_page(turn)
        people = turn.knowledge.first_to_turn_to()
        # Who was only named to be asked is not whom "hon" means after somebody else.
        about = meant(turn) if named(turn) or turn.entities("pronoun") else []
        return turn.remember(people=about, beside=[] if turn.mentioned() else people)
