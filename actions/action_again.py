"""Say the last answer again: word for word, shorter, simpler, more of it, or an example."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions import telling
from actions.decided import aspects_of, decided, memory_of, people_in, raised, remember_said
from actions.turn import KnowledgeAction, Turn


class ActionAgain(KnowledgeAction):
    """Tells the topic of the conversation in the way that the visitor asks for."""

    def name(self) -> str:
        """Return the name that the policy uses."""
        return "action_again"

    def answer(self, turn: Turn) -> list[EventType]:
        """Tell it without changing what the conversation is about."""
        ask = decided(turn)
        people = people_in(turn, ask.topics)
        if people:
            return telling.people(turn, people)
        topic = next(iter(ask.topics or memory_of(turn).topics), "")
        if role := turn.knowledge.roles.get(topic):
            return telling.role(turn, role)
        if topic == "contact_all":
            return telling.everybody(turn)
        fact, aspects = turn.knowledge.facts.get(topic), aspects_of(turn, topic)
        if fact is None or aspects is None:
            turn.say("utter_refer_to_what")
            return []
        buttons = turn.ways_on(*fact.follow_ups)
        if ask.act == "example" and (aspects.told("example") or aspects.left_out("example")):
            told, left = aspects.told("example"), aspects.left_out("example")
            if told:
                turn.say("utter_told", [] if left else buttons, text=told)
            if left:
                turn.say("utter_left_out", buttons, what=raised(left))
            return remember_said(f"{topic}.example")
        texts = {"simpler": fact.simple, "shorter": fact.short, "more": fact.more}
        text = texts.get(ask.act, fact.statement)
        if text:
            turn.tell(text, fact.id, buttons)
        else:
            turn.say("utter_no_simpler" if ask.act == "simpler" else "utter_no_more", buttons)
        return []
