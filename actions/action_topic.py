"""Tell whom to contact about a topic."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.reference import still_about
from actions.turn import KnowledgeAction, Turn, bullets, one_of


class ActionTopic(KnowledgeAction):
    """Names those responsible for the topic, or says that it is unknown and whom to ask."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_topic"

    def answer(self, turn: Turn) -> list[EventType]:
        """Name people."""
        if matter := still_about(turn):
            return turn.take_as(matter)
        people = turn.knowledge.responsible_for(turn.text)
        if people:
            names = [f"{person.name}, {person.title.lower()}," for person in people]
            buttons = turn.ways_on("contact_phone", "contact_email")
            turn.show("utter_topic_known", people, people=one_of(names, "och"), buttons=buttons)
            return turn.remember(people=people)
        to_turn_to = turn.knowledge.to_turn_to()
        turn.show("utter_topic_unknown", to_turn_to, people=bullets(_by_title(turn)))
        turn.say_how_to_reach(to_turn_to, "contact_all", "help")
        listed = turn.about_each(to_turn_to)
        return turn.remember(people=turn.knowledge.first_to_turn_to(), listed=listed)


def _by_title(turn: Turn) -> list[str]:
    """Return "Enhetschef: a" and "Konsulenter: b, c", a line each."""
    lines = []
    for role_id in turn.knowledge.unit.turn_to:
        role = turn.knowledge.roles[f"role_{role_id}"]
        names = [person.name for person in turn.knowledge.with_role(role)]
        if names:
            title = role.title if len(names) == 1 else role.plural
            lines.append(f"{title}: {one_of(names, 'och')}")
    return lines
