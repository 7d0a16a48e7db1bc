"""Decide what a message asks, in the light of its conversation, and which action answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.dialogue.context import kind_of
from bot.dialogue.memory import CHAT, PERSON, Ask, Memory
from bot.dialogue.turn_model import Reading
from bot.knowledge import Knowledge

# What answers a kind of question, by the names that domain.yml has for actions.
FACET: Final = "action_facet"
CLAIM: Final = "action_claim"
AGAIN: Final = "action_again"
OVER_TOLD: Final = "action_over_told"
SAY: Final = "action_say"
# What is asked of the topic is not clear enough to be answered by itself.
UNCLEAR: Final = "unclear"
REFER: Final = "action_refer"
ACCEPT: Final = "action_accept"
DECLINE: Final = "action_decline"

_AGAIN: Final = ("repeat", "simpler", "shorter", "more", "example")
_OVER_TOLD: Final = ("summarise", "compare", "count", "list")
_OBJECTING: Final = ("object", "complain")
_FACET_OF: Final = {"count": "amount", "list": "list"}
_ASKING: Final = ("ask", "follow", "swap", "confirm", "correct", "return", "pick")
# Said with a phrase of domain.yml; intents of the same name have their own.
_SOCIAL: Final = ("ack", "praise", "tell", "complain", "object", "smalltalk")
_OTHER: Final = "other"
_UNIT: Final = "unit"
_PHRASED: Final = ("local", _OTHER, "bot", "privacy", CHAT)
_OF_PEOPLE: Final = ("role_", "contact_")
# "Och Sara Tröen då?" asks no more than who that is, "och det digitala?" than what.
_A_NAME: Final = 4
_A_FEW_WORDS: Final = 5
# In margins: an act that is hardly less likely than the likeliest.
_NEARLY: Final = 0.8
_HARDLY: Final = 0.4
# The margin of a topic below which no topic is heard at all.
_NOTHING: Final = -0.5
_WAYS: Final = ("phone", "email")
_GOING_ON: Final = ("follow", "swap")
_OF_WHO: Final = ("what", "who", "title", "phone", "email", "contact", None)
_GENERAL: Final = ("what", "list", "is", "can", "other", None)


@dataclass(frozen=True)
class Decision:
    """What a message asks, and which action answers; None leaves it to the rules.

    Attributes:
        truth: of a yes-or-no question, what is so: yes, no, or unsaid.
        claim: the id of the claim that settles it, or "".
        is_told_otherwise: whether the rules answer it where no claim settles it.

    """

    asks: tuple[Ask, ...]
    action: str | None = None
    truth: str = ""
    claim: str = ""
    is_told_otherwise: bool = False


@dataclass(frozen=True)
class Heard:
    """One message, or one part of it.

    Attributes:
        intent: what the classifier takes it for.
        margin: how near that is; above 0 is likely.
        is_chosen: whether a button was pressed.
        is_part: whether the message asks something else too, each part of it by itself.
        has_list: whether the answers before listed something, or named several people.
        entities: Rasa's parse data.

    """

    text: str
    intent: str
    margin: float
    is_chosen: bool
    is_part: bool
    has_list: bool
    entities: Sequence[dict[str, Any]]

    def values(self, kind: str) -> list[str]:
        """Return the values of one kind of entity, each once."""
        found = [str(e["value"]) for e in self.entities if e["entity"] == kind]
        return list(dict.fromkeys(found))


class Resolver:
    """Decides on one message of one conversation."""

    def __init__(self, knowledge: Knowledge, config: Mapping[str, Any]) -> None:
        """Take the facts of the moment, and what config.yml says of intents."""
        self._knowledge = knowledge
        self._config = config

    def decide(self, heard: Heard, memory: Memory, reading: Reading | None) -> Decision:
        """Return what is asked and what answers it."""
        of_intent = self._of_intent(heard, memory)
        is_fixed = heard.is_chosen or heard.intent in self._config["fixed"]
        is_of_stranger = heard.values("other_person") and not heard.values("person")
        if reading is None or is_fixed or is_of_stranger:
            return Decision((of_intent,))
        ask = self._asked(heard, memory, reading)
        if heard.intent in self._config["manners"] and ask.act not in _ASKING:
            return Decision((of_intent,))
        is_alone = heard.is_part and heard.intent not in self._config["unclear"]
        if not memory.messages or is_alone:
            return self._first(heard, ask, of_intent, reading)
        return self._later(heard, memory, ask, of_intent, reading)

    def _of_intent(self, heard: Heard, memory: Memory) -> Ask:
        """Return what the rules take a message for."""
        name, people = heard.intent, tuple(PERSON + one for one in heard.values("person"))
        if name in self._knowledge.facts:
            return Ask("ask", (name,), "what")
        if name in self._knowledge.roles:
            return Ask("ask", people or (name,), "who")
        topics = self._config["topics"].get(name)
        if topics is None:
            return Ask(self._config["acts"].get(name, name), memory.topics)
        facet = self._config["facets"].get(name)
        if heard.values("other_person") and not people:
            return Ask("ask", ("contact_all",), facet)
        if topics == "person":
            spoken_of = tuple(one for one in memory.topics if one.startswith(PERSON))
            about = people or self._roles(heard) or spoken_of
            return Ask("ask", about or (_UNIT,), facet)
        return Ask("ask", (topics,), facet)

    def _roles(self, heard: Heard) -> tuple[str, ...]:
        """Return the roles that a message names."""
        named = (f"role_{value}" for value in heard.values("role"))
        return tuple(name for name in named if name in self._knowledge.roles)

    def _asked(self, heard: Heard, memory: Memory, reading: Reading) -> Ask:
        """Return what the turn model hears."""
        act = _best(reading.acts)
        topics = self._topics(heard, memory, reading)
        facet: str | None = _best(reading.facets)
        if act == "return" and reading.facets[str(facet)] < 0:
            facet = "what"
        if act == "swap" and memory.facet and reading.facets[str(facet)] < 0:
            facet = memory.facet
        elif reading.facets[str(facet)] < self._config["facet_margin"]:
            facet = UNCLEAR
        is_polar = reading.polar > self._config["polar_margin"]
        return Ask(act, topics, facet, is_polar)

    def _topics(self, heard: Heard, memory: Memory, reading: Reading) -> tuple[str, ...]:
        """Return the topics, people where they are named or pointed back to."""
        named = tuple(PERSON + one for one in heard.values("person"))
        best = _best(reading.topics)
        if named and (best == "person" or best.startswith(_OF_PEOPLE) or best in _PHRASED):
            return named
        spoken_of = self._pointed_at(heard, memory) if heard.values("pronoun") else ()
        if spoken_of and not named:  # "Hon" is never a fact.
            return spoken_of
        if best != "person":
            is_plural = len(memory.topics) > 1 and best in memory.topics
            return memory.topics if is_plural and heard.values("group") else (best,)
        return named or self._pointed_at(heard, memory) or ("contact_all",)

    def _pointed_at(self, heard: Heard, memory: Memory) -> tuple[str, ...]:
        """Return the people that "hon", "de" or nothing stands for."""
        for topics in memory.earlier:
            people = tuple(one for one in topics if one.startswith(PERSON))
            role = next((one for one in topics if one in self._knowledge.roles), None)
            if not people and role:
                with_role = self._knowledge.with_role(self._knowledge.roles[role])
                people = tuple(PERSON + one.id for one in with_role)
            if people:
                return people if heard.values("group") or len(people) == 1 else people[:1]
        return ()

    def _first(self, heard: Heard, ask: Ask, of_intent: Ask, reading: Reading) -> Decision:
        """Decide on a first message: the intents know the topic, the turn model the facet."""
        if self._is_plain(heard) or self._is_of_whom(heard, ask):
            return Decision((of_intent,))
        is_unclear = heard.intent in (*self._config["unclear"], *self._config["manners"])
        is_unclear = is_unclear or (heard.intent in self._config["people"] and not of_intent.people)
        is_outside = heard.intent in self._config["plain"]
        needed = self._config["outside_margin" if is_outside else "topic_margin"]
        if is_unclear and self._is_clear(ask, reading, needed):
            topics = ask.topics
        elif of_intent.topics and self._is_told(of_intent) and not is_unclear:
            topics = of_intent.topics
        else:
            return Decision((of_intent,))
        same = replace(ask, topics=topics)
        if ask.act not in _ASKING:
            return Decision((of_intent,))
        if same.polar:
            return Decision((same,), CLAIM, is_told_otherwise=not is_unclear)
        is_of_role = topics[0] in self._knowledge.roles and same.facet in _OF_WHO
        if not is_unclear and (same.facet in _GENERAL or is_of_role):
            return Decision((of_intent,))
        fact = self._knowledge.facts.get(topics[0])
        is_clear = reading.facets.get(str(same.facet), -1.0) >= self._config["first_facet_margin"]
        if not is_unclear and fact and (fact.told(str(same.facet)) or not is_clear):
            return Decision((of_intent,))  # The whole fact tells it too.
        return Decision((same,), FACET)

    def _later(
        self, heard: Heard, memory: Memory, ask: Ask, of_intent: Ask, reading: Reading
    ) -> Decision:
        """Decide on what follows in a conversation."""
        act, is_told = ask.act, self._is_told(ask)
        topic = kind_of(ask.topics[0]) if ask.topics else ""
        if topic not in _PHRASED and self._is_of_whom(heard, ask):
            return Decision((of_intent,))
        if max(reading.topics.values()) < _NOTHING and max(reading.acts.values()) < 0:
            return Decision((of_intent,))
        is_unlike = act == "ask" or max(reading.topics.values()) < 0
        if self._is_plain(heard) and (is_unlike or heard.intent in self._config["plain_later"]):
            return Decision((of_intent,))
        if (
            heard.intent in _AGAIN
            and reading.acts.get(heard.intent, -1.0) > reading.acts[act] - _NEARLY
        ):
            return Decision((of_intent,))
        if heard.intent in self._knowledge.roles and heard.margin >= 0 and not ask.polar:
            return Decision((of_intent,))
        is_short = len(heard.text.split()) <= _A_FEW_WORDS
        is_picking = act in ("pick", "swap") or heard.intent == "refer"
        if heard.values("ordinal") and is_short and is_picking and self._has_list(heard, memory):
            return Decision((of_intent,), REFER)
        is_clear = self._is_clear(ask, reading, self._config["topic_margin"])
        if act in _OBJECTING and is_told and is_clear:
            return Decision((ask,), CLAIM if ask.polar else FACET)
        if act in _AGAIN:
            if heard.intent in _AGAIN:
                return Decision((of_intent,))
            own = [topic for topic in ask.topics if topic in self._knowledge.facts]
            about = tuple(own) or memory.topics or ask.topics
            return Decision((replace(ask, topics=about, facet=memory.facet),), AGAIN)
        if act in _FACET_OF and ask.topics and ask.topics[0] in self._knowledge.facts:
            return Decision((replace(ask, facet=_FACET_OF[act]),), FACET)
        if act in _OVER_TOLD:
            return Decision((ask,), OVER_TOLD)
        if act == "pick" and (heard.values("ordinal") or not is_told):
            return Decision((of_intent,), REFER)
        if act in ("yes", "no") and heard.intent in self._config["unclear"]:
            return Decision((of_intent,), ACCEPT if act == "yes" else DECLINE)
        if act == "tell" and memory.topics[:1] == (_OTHER,):
            return Decision((Ask(act, (_OTHER,)),), SAY)
        if act in _SOCIAL:
            is_known = heard.intent in self._config["social"]
            return Decision((Ask(act, (CHAT,)),), None if is_known else SAY)
        if act not in _ASKING:
            return Decision((of_intent,))
        needed = self._config["new_margin" if act == "ask" else "sure_margin"]
        if heard.margin >= 0 and self._is_nearly(of_intent, topic, reading):
            needed = 0.0
        is_sure = self._is_sure(heard, of_intent, needed)
        roles = self._roles(heard)
        points_back = bool(heard.values("pronoun") or heard.values("person"))
        is_of_role = self._is_of_people(topic) and not (ask.people and points_back)
        if roles and not is_sure and is_of_role:
            goes_on = memory.facet in _WAYS and (act in _GOING_ON or is_short)
            facet = memory.facet if goes_on else ask.facet
            ask = replace(ask, topics=roles, facet=facet, polar=ask.polar and not goes_on)
        elif is_sure and not (ask.people and of_intent.topics == (_UNIT,)):
            ask = replace(ask, topics=of_intent.topics)
        elif topic in _PHRASED:
            of_rules = kind_of(of_intent.topics[0]) if of_intent.topics else ""
            is_of_unit = of_rules == _UNIT and act == "ask" and heard.margin >= needed
            return Decision((ask,), None if of_rules in _PHRASED or is_of_unit else SAY)
        is_name = heard.values("person") and not roles and len(heard.text.split()) <= _A_NAME
        if is_name:
            return Decision((replace(ask, facet="what", polar=False),), FACET)
        facts = tuple(fact.id for fact in self._knowledge.facts_named(heard.text))
        if facts and len(heard.text.split()) < _A_NAME:
            return Decision((replace(ask, topics=facts, facet="what", polar=False),), FACET)
        if ask.polar:
            return Decision((ask,), CLAIM, is_told_otherwise=is_sure)
        is_of_role = ask.topics[0] in self._knowledge.roles and ask.facet in _OF_WHO
        if is_sure and (ask.facet in _GENERAL or is_of_role):
            return Decision((of_intent,))
        return Decision((ask,), FACET)

    def _has_list(self, heard: Heard, memory: Memory) -> bool:
        """Tell whether something was listed, or what was told last belongs to a list."""
        return heard.has_list or any(self._knowledge.list_with(one) for one in memory.topics)

    def _is_plain(self, heard: Heard) -> bool:
        """Tell whether the intent says by itself that this is nothing about the unit."""
        is_plain = heard.intent in self._config["plain"]
        return is_plain and heard.margin >= self._config["sure_margin"]

    def _is_of_whom(self, heard: Heard, ask: Ask) -> bool:
        """Tell whether the rules about people answer: they know whom "hon" stands for."""
        if heard.intent not in self._config["people"]:
            return False
        is_way = heard.intent != self._config["people"][0]
        is_known = bool(ask.people or heard.values("pronoun") or heard.values("group"))
        return is_way or (is_known and ask.facet in _OF_WHO and not ask.polar)

    @staticmethod
    def _is_nearly(of_intent: Ask, topic: str, reading: Reading) -> bool:
        """Tell whether the topic of the intent is hardly less likely than the likeliest."""
        other = kind_of(next(iter(of_intent.topics), ""))
        return reading.topics.get(other, -1.0) > reading.topics.get(topic, -1.0) - _HARDLY

    def _is_sure(self, heard: Heard, of_intent: Ask, needed: float) -> bool:
        """Tell whether the intent says by itself what the topic is."""
        is_stating = heard.intent not in self._config["unclear"] and self._is_told(of_intent)
        return is_stating and heard.margin >= needed

    @staticmethod
    def _is_of_people(topic: str) -> bool:
        return topic == "person" or topic.startswith(_OF_PEOPLE)

    def _is_told(self, ask: Ask) -> bool:
        """Tell whether the knowledge files say anything of what is asked about."""
        return any(kind_of(topic) in self._knowledge.topics for topic in ask.topics)

    def _is_clear(self, ask: Ask, reading: Reading, needed: float) -> bool:
        topic = kind_of(ask.topics[0]) if ask.topics else ""
        return topic in self._knowledge.topics and (reading.topics.get(topic, -1.0) > needed)


def nearest(margins: Mapping[str, float], count: int = 2) -> list[str]:
    """Return the labels with the highest margins."""
    return sorted(margins, key=lambda name: -margins[name])[:count]


def _best(margins: Mapping[str, float]) -> str:
    return max(margins, key=lambda name: margins[name])
