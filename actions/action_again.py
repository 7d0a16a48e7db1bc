"""Say the last answer again: word for word, shorter, simpler, more of it, or an example."""

from __future__ import annotations

from actions import in_short, telling
from actions.turn import WAYS, KnowledgeAction, Turn, bullets, raised
from bot.dialogue.form import form_wanted
from bot.knowledge import Fact


class ActionAgain(KnowledgeAction):
    """Tells the topic of the conversation in the way that the visitor asks for."""

    def name(self) -> str:
        """Return the name that the policy uses."""
        return "action_again"

    def answer(self, turn: Turn) -> None:
        """Tell it without changing what the conversation is about."""
        ask, knowledge = turn.ask, turn.knowledge
        # Before any answer, it is the bot's matter that is hard to understand.
        is_hard = ask.act == "simpler"
        topic = next(iter(ask.topics), (knowledge.unit.overview or "") if is_hard else "")
        if is_hard and not ask.topics:
            turn.say("utter_easily")
        fact = knowledge.facts.get(topic)
        form = form_wanted(turn.text) if ask.act == "shorter" else None
        told = in_short.lines(turn, ask.topics, simply=is_hard)
        is_of_fact = any(one in knowledge.facts for one in ask.topics)
        if told and form:
            in_short.in_form(turn, ask.topics, form)
        elif told and (ask.act == "shorter" or (is_hard and not is_of_fact)):
            in_short.shortest(turn, ask.topics)
        elif ask.act == "example" and is_of_fact:
            for one in dict.fromkeys(ask.topics):
                if listed := knowledge.facts.get(one):
                    _example(turn, listed)
        elif len(told) > 1 and is_of_fact:
            turn.say("utter_summary", turn.ways_on("help"), facts=bullets(told))
        elif ask.act == "more" and topic and not fact:
            turn.say("utter_no_more", turn.ways_on("contact_all", "help"))
        elif turn.people and ask.facet in WAYS:
            telling.ways(turn, turn.people, WAYS[ask.facet])
        elif turn.people:
            telling.people(turn, turn.people)
        elif role := knowledge.roles.get(topic):
            telling.role(turn, role)
        elif topic == "contact_all":
            telling.everybody(turn)
        elif topic == "contact_topic":
            telling.whom_to_turn_to(turn, turn.people)
        elif fact:
            _again(turn, fact)
        elif left := _left_out(turn, topic):
            turn.say("utter_left_out", turn.ways_on("contact_topic", "help"), what=raised(left))
        elif is_hard:
            turn.say("utter_no_simpler")
        elif ask.act == "more":
            turn.say("utter_more_of_what")
        else:
            turn.say("utter_refer_to_what")


def _left_out(turn: Turn, topic: str) -> str | None:
    """Return what of a topic was asked last that the page leaves out."""
    aspects, facet = turn.aspects(topic), turn.ask.facet
    left = aspects.left_out(facet) if aspects and facet else None
    return turn.filled(left, turn.people) if left else None


def _again(turn: Turn, fact: Fact) -> None:
    texts = {"simpler": fact.easy, "more": fact.more}
    text = texts.get(turn.ask.act, turn.statement(fact))
    buttons = turn.ways_on(*fact.follow_ups)
    if text:
        turn.tell(text, fact.id, buttons)
    else:
        is_simpler = turn.ask.act == "simpler"
        turn.say("utter_no_simpler" if is_simpler else "utter_no_more", buttons)


def _example(turn: Turn, fact: Fact) -> None:
    told, left = fact.told("example"), fact.left_out("example")
    buttons = turn.ways_on(*fact.follow_ups)
    turn.told.append(f"{fact.id}.example")
    if told:
        turn.say("utter_told", [] if left else buttons, text=told)
    if left:
        turn.say("utter_left_out", buttons, what=raised(left))
    if not told and not left:
        turn.tell(fact.statement, fact.id, buttons)
