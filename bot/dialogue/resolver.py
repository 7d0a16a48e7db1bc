"""Decide what a message asks, in the light of its conversation, and which action answers it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.dialogue.context import kind_of
from bot.dialogue.decision import (
    AGAIN,
    ASK_BACK,
    CLAIM,
    FACET,
    OVER_TOLD,
    SAY,
    STRANGER,
    UNCLEAR,
    UNSAID,
    Decision,
)
from bot.dialogue.form import form_wanted
from bot.dialogue.heard import Heard
from bot.dialogue.matter_model import (
    ANOTHER,
    JOY,
    LOCAL,
    OFFER,
    PAGE,
    PRAISE,
    REPORT,
    SORROW,
    UNIT,
)
from bot.dialogue.memory import CHAT, NOBODY, PERSON, RECALL, Ask, Memory
from bot.dialogue.memory import OVER_TOLD as _OVER_TOLD
from bot.dialogue.references import CONTACT_ALL, CONTACT_TOPIC, References, says, words_of
from bot.dialogue.talk import (
    announces,
    asks_name,
    only_points,
    points_back,
    recalled,
    says_it_was_said,
)
from bot.dialogue.titles import TitleOf, are_only_titles, is_claiming, titles_said
from bot.dialogue.turn_model import Reading
from bot.knowledge import Knowledge, Word
from bot.language.languages import UNDERSTOOD
from bot.nlu.linear import likeliest

_AGAIN: Final = ("repeat", "simpler", "shorter", "more", "example")
_OBJECTING: Final = ("object", "complain")
_FACET_OF: Final = {"count": "amount", "list": "list"}
_ACT_OF: Final = {facet: act for act, facet in _FACET_OF.items()}
_TWO: Final = 2
_ASKING: Final = ("ask", "follow", "swap", "confirm", "correct", "return", "pick", "compare")
# Said with a phrase of domain.yml; intents of the same name have their own.
_SOCIAL: Final = ("ack", "praise", "tell", "complain", "object", "smalltalk")
# Acts of good manners, and the intents whose phrases answer them.
_MANNERS: Final = {"thanks": "thanks", "bye": "goodbye", "greet": "greet"}
_OTHER: Final = "other"
_UNIT: Final = "unit"
_BOT: Final = "bot"
_OF_THE_BOT: Final = "bot_challenge"
# Phrases of domain.yml by the topic that is asked about.
_PHRASES: Final = {
    "local": "utter_local",
    _OTHER: "utter_oos",
    _BOT: "utter_bot_challenge",
    "privacy": "utter_privacy",
    CHAT: "utter_help",
    NOBODY: "utter_nobody",
}
_OUTSIDE: Final = (_OTHER, _UNIT, "local")
# What "kan du …?" may seem to be about.
_ASKED_OF_YOU: Final = ("person", _OTHER, CHAT)
_OF_PEOPLE: Final = ("role_", "contact_")
# Kinds of intents that nothing overrules.
_FIXED: Final = ("danger", "lines_of_help", "fixed")
# "Och Sara Tröen då?" asks no more than who that is, "och det digitala?" than what.
_A_NAME: Final = 4
_A_FEW_WORDS: Final = 5
# After danger, what is no longer than this is still about it.
_FEW_IN_DANGER: Final = 8
# In margins: an act that is hardly less likely than the likeliest.
_NEARLY: Final = 0.8
_HARDLY: Final = 0.4
# A topic that is not heard.
_UNHEARD: Final = -0.6
_WAYS: Final = ("phone", "email", "contact")
_CHOOSING: Final = ("return", "pick")
_GOING_ON: Final = ("follow", "swap")
_GOING_ON_ABOUT: Final = ("follow", "confirm")
_OF_WHO: Final = ("what", "who", "title", "phone", "email", "contact", None)
_OF_WHOM: Final = ("what", "who", "contact", UNCLEAR)
_OF_WHO_DOES: Final = ("who", "contact", "duties")
_BESIDE_A_TITLE: Final = ("can", "duties", "when", "where", "language", "decides", "contact")
_OF_TITLES: Final = ("is", "who", "title", "what")
_GENERAL: Final = ("what", "list", "is", "can", "other", None)
_WHICH: Final = "which"
_REFER: Final = "refer"
_TO_WHAT: Final = "utter_refer_to_what"
_FALLBACK: Final = "nlu_fallback"
_FOREIGN: Final = "foreign"
# In margins: another language that is hardly heard, and a facet that is heard well.
_WEAK: Final = 0.3
_ASKED: Final = 0.5
# What the intents cannot place.
_UNPLACED: Final = (_FALLBACK, "oos")
_NOT_PLACED: Final = (*_UNPLACED, "nonsense", "smalltalk")
# Whose matter a message is that is answered as what it asks, and what is said to the others.
_OURS: Final = (PAGE, UNIT)
_FACET_OF_OURS: Final = {OFFER: "signup", REPORT: "contact"}
_OF_THE_TALK: Final = ((CHAT,), (_BOT,), ("privacy",))
# What tells of the unit or the talk; the rest says no in some way.
_TELLING: Final = (CLAIM, AGAIN, OVER_TOLD, STRANGER)
# From which margin on a topic is clear in another language, which the encoder hears alone.
_ALONE: Final = -0.5
# What the encoder makes of what is no question about the page, and how likely it may be.
_NOT_OF_THE_PAGE: Final = ("outside", "none")
_HARDLY_OUTSIDE: Final = 0.2


class Resolver:
    """Decides on one message of one conversation."""

    def __init__(
        self,
        knowledge: Knowledge,
        config: Mapping[str, Any],
        heard: Heard,
        memory: Memory,
        reading: Reading | None,
    ) -> None:
        """Take a message, what was asked before it, and what the turn model hears in it.

        Args:
            knowledge: the facts of the moment.
            config: what config.yml says of intents.
            heard: the message.
            memory: what was asked before.
            reading: None where nothing was learned of conversations, or a button was pressed.

        """
        self._knowledge = knowledge
        self._config = config
        self._heard = heard
        self._memory = memory.known(knowledge.people, knowledge.roles)
        self._reading = reading
        self._refers = References(heard, self._memory, knowledge)

    def decide(self) -> Decision:
        """Return what is asked and what answers it."""
        decision, reading = self._decided(), self._reading
        of_danger = (*self._config["danger"], *self._config["lines_of_help"], _FOREIGN)
        if reading is None or self._heard.intent in of_danger or self._in_danger():
            return decision
        return self._of_matter(decision, reading)

    def _decided(self) -> Decision:
        """Return the same by what is heard, whosever matter it is."""
        heard, reading = self._heard, self._reading
        if heard.is_chosen:
            return self._by_intent()
        if (in_danger := self._in_danger()) and (stays := self._still_in(in_danger)):
            return stays
        is_of_stranger = heard.values("other_person") and not heard.values("person")
        is_beside_us = is_of_stranger and heard.length <= _A_FEW_WORDS and self._refers.mentioned()
        if is_beside_us and not self._is_fixed():  # "Och Lisa Ek?"
            return self._of_stranger(self._facet_before())
        if heard.values("person") and (choices := self._refers.unclear()):
            facet = self._config["facets"].get(heard.intent) or self._facet_before()
            return Decision((Ask("ask", _persons(choices), facet),), ASK_BACK)
        is_fixed = self._is_fixed() and not self._is_of_language(reading)
        if heard.intent in (_REFER, _WHICH) and self._is_before_anything():
            return Decision((Ask("pick"),), SAY, phrase=_TO_WHAT)  # "Den tredje?"
        if not is_fixed and (decided := self._about_nobody() or self._about_the_talk(reading)):
            return decided
        if reading is None or is_fixed or is_of_stranger:
            return self._by_intent()
        ask = self._asked(reading)
        is_comparing = ask.act == "compare" or says(heard.text, "compares")
        is_comparing = is_comparing or (ask.polar and says(heard.text, "alike"))
        if is_comparing and (beside := self._beside(ask, reading)):
            return Decision((beside,), OVER_TOLD)
        if word := self._word_asked_about(ask, reading):
            return self._facet(word)
        over_told = None if is_comparing else self._over_told(ask, reading)
        if over_told:
            return over_told
        if heard.intent in self._config["manners"] and self._is_social(ask, reading):
            return self._by_intent()
        if not self._memory.messages and self._may_be_outside(ask, reading):
            return self._first(ask, reading)
        return self._later(ask, reading)

    # Whose matter it is.

    def _of_matter(self, decision: Decision, reading: Reading) -> Decision:
        """Return the decision, or what is said to somebody whose matter is not the page's."""
        ask, matters = self._asked(reading), reading.matters
        tells = self._tells_something(decision)
        if not matters or (self._memory.messages and (tells or ask.act != "ask")):
            return decision
        matter = self._whose(matters)
        is_unclear = decision.action == ASK_BACK and ask.topics == (_UNIT,)
        if is_unclear and matter in _OURS and matters[UNIT] >= self._config["matter_floor"]:
            return self._no(ask, UNIT)  # "Jobbar ni med hållbarhet?"
        if matter in _OURS and self._heard.intent in self._config["social"]:
            return decision  # "Vad är du för en robot?" is said to the chat.
        if matters[matter] < self._config["matter_floor"]:
            return decision  # A passage of prose is like nobody's message.
        if tells:
            told = decision.asks[0]
            is_placed = told.topics[:1] in _OF_THE_TALK and self._heard.intent not in _NOT_PLACED
            if is_placed or told.facet == "meaning":
                return decision
            ours = max(matters[one] for one in _OURS)
            is_sure = matters[matter] - ours >= self._config["matter_margin"]
            return self._no(ask, matter) if is_sure else decision
        is_of_unit = decision.asks[0].topics == (_UNIT,)
        is_left = matter == PAGE or (matter == UNIT and is_of_unit and decision.action == FACET)
        return decision if is_left else self._no(ask, matter)

    def _whose(self, matters: Mapping[str, float]) -> str:
        """Return whose matter a message is, a library's only where that is clear."""
        matter = likeliest(matters)
        others = {one: margin for one, margin in matters.items() if one != matter}
        lead = matters[matter] - max(others.values())
        is_doubtful = self._heard.intent == "oos" and lead < self._config["local_lead"]
        return likeliest(others) if matter == LOCAL and is_doubtful else matter

    def _tells_something(self, decision: Decision) -> bool:
        """Tell whether a decision answers what is asked, in place of saying no to it."""
        ask = decision.asks[0]
        is_general = ask.topics[:1] in ((), (_UNIT,)) and ask.facet in (*_GENERAL, UNCLEAR)
        if decision.action in (FACET, ASK_BACK):
            return not is_general
        return decision.action in _TELLING or ask.topics[:1] not in [(one,) for one in _OUTSIDE]

    def _no(self, ask: Ask, matter: str) -> Decision:
        """Decide on a message whose matter the page does not answer."""
        if matter in _OURS:
            aspects, facet = self._knowledge.topics.get(_UNIT), str(ask.facet)
            is_named = aspects and aspects.left_out(facet) and not aspects.told(facet)
            return self._facet(Ask(ask.act, (_UNIT,), facet if is_named else None))
        if matter in _FACET_OF_OURS:
            return self._facet(Ask(ask.act, (matter,), _FACET_OF_OURS[matter]))
        if matter in (PRAISE, SORROW, JOY):
            return Decision((Ask(matter, (CHAT,)),), SAY, phrase=f"utter_{matter}")
        topic = matter if matter == LOCAL else _OTHER
        phrase = "utter_another" if matter == ANOTHER else _PHRASES[topic]
        return Decision((replace(ask, topics=(topic,)),), SAY, phrase=phrase)

    # What is asked over what was told, and in which form.

    def _over_told(self, ask: Ask, reading: Reading) -> Decision | None:
        """Decide on what is summed up, counted, or wanted in another form."""
        heard, memory = self._heard, self._memory
        overview = (self._knowledge.unit.overview or _UNIT,)
        is_of_talk = self._is_of_the_talk(ask, reading)
        if ask.act == "summarise" or is_of_talk:
            own = () if is_of_talk else self._own_topics(ask, reading)
            told = tuple(one for one in memory.told if self._is_told(Ask("", (one,))))
            topics = own or told or (() if is_of_talk else overview)
            if says(heard.text, "easier"):
                return Decision((Ask("simpler", topics, "what"),), AGAIN)
            act = "count" if "count" in (ask.act, _ACT_OF.get(str(ask.facet))) else "summarise"
            return Decision((Ask(act, topics, "what"),), OVER_TOLD)
        if form_wanted(heard.text):
            topics = self._own_topics(ask, reading) or memory.topics or overview
            return self._again(Ask("shorter", topics))
        return None

    def _beside(self, ask: Ask, reading: Reading) -> Ask | None:
        """Return what is set beside each other; None where that is not clear."""
        heard, refers = self._heard, self._refers
        names, words = refers.names(), self._knowledge.words_in(heard.text)
        is_open = ask.act == "compare" or not ask.polar
        if ask.facet == "title":  # "Har de samma titel?"
            return None
        if not names:
            # "Planen" is the word of one fact, which tells more of it than the word does.
            told_of = [self._fact_of(word) for word in words]
            names = [one for one in told_of if one] if all(told_of) else []
        if len(names) < _TWO <= len(words) and (is_open or ask.facet == "meaning"):
            topics = dict.fromkeys(word.topic or _UNIT for word in words)
            return Ask("compare", tuple(topics), "meaning")
        are_facts = all(one in self._knowledge.facts for one in names)
        if len(names) >= _TWO:
            # Whether two facts are the same is claimed.
            return None if ask.polar and are_facts else Ask("compare", tuple(names), "other")
        is_pointing = bool(heard.values("group")) or len(heard.of_kind("ordinal")) >= _TWO
        goes_on = is_open and (bool(names) or heard.length <= _A_FEW_WORDS)
        if (is_pointing or goes_on) and (beside := refers.beside(names)):
            return Ask("compare", tuple(beside), "other")
        fact = self._knowledge.facts.get(next(iter(ask.topics), ""))
        listed = tuple(dict.fromkeys(fact.lists)) if fact and not words else ()
        if is_open and listed and self._is_clear(ask, reading, self._config["topic_margin"]):
            return Ask("compare", listed, "other")
        near = sorted(
            (one for one in self._knowledge.facts if reading.topics.get(one, -1.0) > _UNHEARD),
            key=reading.topics.__getitem__,
        )
        if is_open and not is_pointing and not heard.values("unit") and len(near) >= _TWO:
            return Ask("compare", tuple(near[: -_TWO - 1 : -1]), "other")
        is_unclear = is_pointing and not self._memory.told
        return Ask("compare", (), "other") if is_unclear else None

    def _fact_of(self, word: Word) -> str | None:
        """Return the only fact that is called by just this word of the glossary."""
        facts = self._knowledge.facts.values()
        nouns = ((fact.id, self._knowledge.words_in(fact.noun or "")) for fact in facts)
        called = [fact for fact, words in nouns if words == [word]]
        return called[0] if len(called) == 1 else None

    def _is_of_the_talk(self, ask: Ask, reading: Reading) -> bool:
        """Tell whether the talk itself is asked about: "hur många frågor har jag ställt?"."""
        asks_over = ask.act in _OVER_TOLD or ask.facet in _ACT_OF
        is_near = reading.topics.get(CHAT, -1.0) > _UNHEARD and ask.facet == "what"
        names = self._refers.names()
        return says(self._heard.text, "of_the_talk") and not names and (asks_over or is_near)

    def _own_topics(self, ask: Ask, reading: Reading) -> tuple[str, ...]:
        """Return the topics that a message asks to be told of by itself; none of what was told."""
        heard, of_intent = self._heard, self._of_intent()
        if names := self._refers.names():
            return tuple(names)
        needed = self._config["topic_margin"]
        if self._memory.messages and heard.length <= _A_FEW_WORDS:
            needed = _ASKED
        is_new = not set(ask.topics) <= set(self._memory.told)
        if is_new and self._is_clear(ask, reading, needed):
            return ask.topics
        is_long = needed != _ASKED
        return of_intent.topics if is_long and self._is_sure(of_intent, 0.0) else ()

    def _may_be_outside(self, ask: Ask, reading: Reading) -> bool:
        """Tell whether a first message may be about something else, or ask nothing."""
        kinds = ("unclear", "manners")
        is_placed = not any(self._heard.intent in self._config[kind] for kind in kinds)
        outside = sum(reading.pages.get(page, 0.0) for page in _NOT_OF_THE_PAGE)
        is_clear = self._is_clear(ask, reading, self._config["first_topic_margin"])
        is_plain = self._is_plain() or self._is_of_how()
        return is_plain or (not is_placed and not (is_clear and outside < _HARDLY_OUTSIDE))

    def _is_of_how(self) -> bool:
        """Tell whether a message is of how something is told: "säg enkelt vad ni gör"."""
        return self._config["acts"].get(self._heard.intent) in _AGAIN

    def _is_fixed(self) -> bool:
        return is_fixed(self._heard.intent, self._config)

    def _is_of_language(self, reading: Reading | None) -> bool:
        """Tell whether a message only names another language: "finns den på engelska?"."""
        if reading is None or not self._memory.messages:
            return False
        is_asked = reading.facets.get("language", -1.0) >= 0 and self._heard.margin < _ASKED
        is_weak = self._heard.margin < _WEAK and max(reading.topics.values()) >= _WEAK
        is_written = self._heard.language not in (None, *UNDERSTOOD)
        return self._heard.intent == _FOREIGN and not is_written and (is_asked or is_weak)

    def _word_asked_about(self, ask: Ask, reading: Reading) -> Ask | None:
        """Return the question what a word of the glossary means, if that is asked."""
        word = self._knowledge.word_in(self._heard.text)
        goes_on = ask.act == "swap" and self._memory.facet == "meaning"
        is_fact = bool(self._knowledge.facts_named(self._heard.text))
        if word is None or is_fact or not (goes_on or ask.facet == "meaning"):
            return None
        is_told = self._is_told(ask) and ask.topics[0] in self._knowledge.facts
        topic = word.topic or (ask.topics[0] if is_told else _UNIT)
        return Ask(ask.act, (topic,), "meaning")

    def _is_social(self, ask: Ask, reading: Reading) -> bool:
        """Tell whether a message of good manners asks nothing beside them."""
        is_clear = self._heard.margin >= 0 and reading.acts[ask.act] < 0
        if self._tells(ask.act):
            return False
        return is_clear or ask.act not in (*_ASKING, *_AGAIN, *_OVER_TOLD)

    # What the intent says by itself.

    def _by_intent(self) -> Decision:
        """Decide by the intent, where the conversation adds no more than who or what is meant."""
        name = self._heard.intent
        act = self._config["acts"].get(name, name)
        if name in self._config["people"]:
            return self._about_people(name)
        if name in self._knowledge.roles:
            return self._about_role(name)
        if name in self._knowledge.facts:
            return self._about_fact(name)
        if name == _FALLBACK:
            return self._unclear()
        if name == _FOREIGN and self._heard.values("person"):  # "Is Sara Tröen the head?"
            return self._about_people(self._config["people"][0])
        if act in _AGAIN:
            return self._again(Ask(act))
        if act == "pick":
            return self._picked(Ask(act))
        if act == "yes":
            return self._accepted()
        if act == "no":
            acts = self._reading.acts if self._reading else {}
            if acts.get("object", -1.0) > acts.get("no", -1.0):
                return Decision((Ask("object", (CHAT,)),), SAY, phrase="utter_disagree")
            return self._social("no")
        if name == _WHICH and self._memory.topics:
            return self._facet(Ask("follow", self._memory.topics, "list"))
        if name == _WHICH:
            return Decision((Ask("follow", (CHAT,)),), SAY, phrase=_TO_WHAT)
        asked = self._of_intent()
        if name in self._config["topics"] and self._is_ours(asked):
            return self._facet(asked)
        if self._heard.values("other_person") and not self._heard.values("person"):
            asked = replace(asked, topics=(*asked.topics, NOBODY))
        # Of intents that are of them: a line of help is of whatever was spoken of.
        if (topic := self._config["topics"].get(name)) in ("local", _OTHER):
            return Decision((asked,), SAY, phrase=_PHRASES[topic])
        if name == _OF_THE_BOT and self._reading:
            return self._of_bot(replace(self._asked(self._reading), topics=(_BOT,)))
        return Decision((asked,))

    def _of_bot(self, ask: Ask) -> Decision:
        """Decide on a question about the bot: a facet that is told, else what it is."""
        facet, aspects = str(ask.facet), self._knowledge.topics.get(_BOT)
        if aspects and (aspects.told(facet) or aspects.left_out(facet)):
            return self._facet(replace(ask, polar=False))
        return Decision((ask,), SAY, phrase=_PHRASES[_BOT])

    # Whom nobody here is, and talk about the talk.

    @staticmethod
    def _of_stranger(facet: str | None, role: str | None = None) -> Decision:
        """Decide on a question about, or a claim of, somebody who is not among the staff."""
        is_claim = role is not None or facet == "is"
        return Decision((Ask("ask", (NOBODY,), facet, is_claim, role),), STRANGER)

    def _about_nobody(self) -> Decision | None:
        """Decide on "hon" where that is somebody who is not among the staff."""
        refers = self._refers
        is_named = refers.named() or self._heard.values("other_person")
        is_hers = bool(self._heard.values("pronoun")) and not is_named
        # "Hon" may also be who sits beside: "hon undrar vem som ansvarar".
        if self._reading and not self._is_of_people(likeliest(self._reading.topics)):
            return None
        if not is_hers or not refers.is_of_nobody() or refers.she():
            return None
        return Decision((Ask("follow", (NOBODY,)),), SAY, phrase=_PHRASES[NOBODY])

    def _about_the_talk(self, reading: Reading | None) -> Decision | None:
        """Decide on what is asked or said of the conversation itself, by its words."""
        heard, text = self._heard, self._heard.text
        if heard.values("person") or heard.values("role") or heard.values("other_person"):
            return None
        if named := asks_name(text):
            units = {heard.words_of(one).casefold() for one in heard.of_kind("unit")}
            if not named.isdisjoint(words_of("you")):
                return Decision((Ask("ask", ("bot",)),), SAY, phrase="utter_bot_name")
            if not named.isdisjoint(units - words_of("your")):
                return self._facet(Ask("ask", (_UNIT,), "title"))
        if announces(text):
            return Decision((Ask("yes", (CHAT,)),), SAY, phrase="utter_accept_what")
        if self._knowledge.is_of_the_page(text) and not says(text, "remember"):
            return None
        if says_it_was_said(text) and not heard.values("ordinal"):
            return Decision((Ask("object", (CHAT,)),), SAY, phrase="utter_said_already")
        if which := recalled(text, is_going_on=RECALL in self._memory.last_acts):
            which, topics = self._memory.recalled(which)
            return Decision((Ask(RECALL, topics),), SAY, phrase=f"utter_recalled_{which}")
        return None

    def _of_intent(self) -> Ask:
        """Return what the intent takes a message for."""
        name, people = self._heard.intent, _persons(self._heard.values("person"))
        if name in self._knowledge.facts:
            return Ask("ask", (name,), "what")
        if name in self._knowledge.roles:
            return Ask("ask", people or (name,), "who")
        topics = self._config["topics"].get(name)
        if topics is None:
            return Ask(self._config["acts"].get(name, name), self._memory.topics)
        facet = self._config["facets"].get(name)
        if topics == "person" and self._heard.values("other_person") and not people:
            return Ask("ask", (CONTACT_ALL,), facet)
        if topics == "person":
            spoken_of = tuple(one for one in self._memory.topics if one.startswith(PERSON))
            about = people or tuple(self._refers.roles()) or spoken_of
            return Ask("ask", about or (_UNIT,), facet)
        if topics == _UNIT and people:
            return Ask("ask", people, _OTHER)
        return Ask("ask", (topics,), facet)

    def _about_people(self, intent: str) -> Decision:
        """Decide on a question about people: whom it names or points back to."""
        heard = self._heard
        facet = self._config["facets"].get(intent) or self._facet_before()
        if len({value for value in heard.values("way") if value in _WAYS}) > 1:
            facet = "contact"
        if choices := self._refers.unclear():
            return Decision((Ask("ask", _persons(choices), facet),), ASK_BACK)
        if heard.values("person") and not self._refers.named():  # Somebody who has left.
            return Decision((Ask("ask", (), facet),), ASK_BACK)
        people = self._refers.meant()
        if not people and heard.values("other_person"):
            is_claim = bool(heard.values("role")) and is_claiming(heard)
            role = next(iter(self._refers.roles()), None) if is_claim else None
            return self._of_stranger("is" if is_claim else facet, role)
        is_way = facet in _WAYS and intent != self._config["people"][-1]
        if people and not is_way and (said := self._titles()):
            return self._title_claim(said)
        is_same = intent == self._config["people"][-1]
        role = self._memory.role if heard.values("person") else None
        if people and is_same and role:  # "Och Bodil?"
            return self._title_claim(tuple(TitleOf(one, role) for one in people))
        if people:
            return self._facet(Ask("ask", _persons(people), facet))
        if is_way and (another := self._told_of_another()):
            return self._facet(Ask("follow", another, "contact"))
        if is_way and not heard.values("pronoun"):
            return self._facet(Ask("ask", (_UNIT,), facet))
        return Decision((Ask("ask", (), facet),), ASK_BACK)

    @staticmethod
    def _title_claim(said: tuple[TitleOf, ...]) -> Decision:
        """Decide that people are said to have titles."""
        people = _persons(dict.fromkeys(one.person for one in said))
        asked = Ask("ask", people, "is", polar=True, role=said[0].role)
        return Decision((asked,), CLAIM, titles=said)

    def _facet_before(self) -> str:
        """Return what was asked of people before, for "och Sara?"."""
        return self._memory.facet if self._memory.facet in _WAYS else "what"

    def _about_role(self, role: str) -> Decision:
        """Decide on a question about a title."""
        heard, facet = self._heard, self._memory.facet
        if self._is_claim_of_stranger():
            return self._of_stranger("is", role)
        if another := self._told_of_another():
            return self._facet(Ask("follow", another, "who"))
        if said := self._titles(role):
            return self._title_claim(said)
        if self._refers.asks_for_others() and role in self._refers.roles():
            return self._facet(Ask("ask", (CONTACT_ALL,), "list", role=role))
        goes_on = bool(self._memory.messages) and heard.length <= _A_FEW_WORDS
        goes_on = goes_on and not heard.is_chosen
        asks_who = self._reading is not None and self._reading.facets.get("who", -1.0) >= 0
        is_way = goes_on and facet in _WAYS and not asks_who
        asked = Ask("ask", (role,), facet if is_way else "who")
        among = tuple(TitleOf(one, role) for one in self._refers.among())
        return replace(self._facet(asked), titles=among)

    def _told_of_another(self) -> tuple[str, ...]:
        """Return the fact told last, if "där" or "deras" means the organisation it tells of."""
        heard, told = self._heard, self._memory.topics[:1]
        fact = self._knowledge.facts.get(next(iter(told), ""))
        is_of_us = heard.values("unit") or heard.values("person")
        points_there = says(heard.text, "there") or heard.values("group")
        return told if fact and fact.of_another and points_there and not is_of_us else ()

    def _about_fact(self, fact: str) -> Decision:
        """Decide on a question about a fact; those that it names together are told together."""
        named = [one.id for one in self._knowledge.facts_named(self._heard.text)]
        topics = tuple(named) if fact in named else (fact,)
        return self._facet(Ask("ask", topics, "what"))

    def _titles(self, role: str | None = None) -> tuple[TitleOf, ...]:
        said = titles_said(self._heard, self._refers, self._knowledge, role)
        are_true = all(self._has(one.person, one.role) for one in said)
        return () if are_only_titles(self._heard) and are_true else said

    def _has(self, person: str, role: str) -> bool:
        with_role = self._knowledge.with_role(self._knowledge.roles[role])
        return self._knowledge.people[person] in with_role

    def _is_claim_of_stranger(self) -> bool:
        is_named = self._heard.values("other_person") and not self._heard.values("person")
        return bool(is_named) and is_claiming(self._heard)

    def _unclear(self) -> Decision:
        """Decide on a message that no intent is near enough to."""
        heard = self._heard
        nearest = next((name for name in heard.nearest if name not in _UNPLACED), "")
        points_back = heard.values("pronoun") or heard.values("group")
        is_of_somebody = self._refers.named() or (points_back and self._refers.meant())
        if nearest in self._config["people"] and (is_of_somebody or heard.values("other_person")):
            return self._about_people(nearest)
        if heard.values("role") and self._is_claim_of_stranger():
            return self._of_stranger("is")
        if self._refers.ordinals() and self._refers.has_list():
            return self._picked(Ask("pick"))
        return Decision((Ask("ask"),), ASK_BACK)

    def _again(self, ask: Ask) -> Decision:
        """Decide on wanting the last answer once more, or more of it."""
        about = ask.topics or self._memory.topics
        return Decision((replace(ask, topics=about, facet=self._memory.facet),), AGAIN)

    def _picked(self, ask: Ask) -> Decision:
        """Decide on what an ordinal points at."""
        picked = self._refers.picked()
        if not picked and (one := self._described()):
            picked = [one]
        if not picked:
            return Decision((replace(ask, topics=()),), SAY, phrase=_TO_WHAT)
        if picked[0].startswith("/"):
            return self._chosen(picked[0], "pick")
        within = self._refers.picked_from()
        facet = self._facet_of(ask, picked[0])
        if picked[0] in self._knowledge.claims:
            asked = Ask("pick", within, facet, within=within)
            if facet == "what":
                return Decision((asked,), CLAIM, truth=UNSAID, claim=picked[0])
            return self._facet(asked)
        return self._facet(Ask("pick", tuple(picked), facet, within=within))

    def _facet_of(self, ask: Ask, picked: str) -> str:
        """Return what is asked of what is picked: what it is, unless something else is clear."""
        heard = self._reading.facets.get(str(ask.facet), -1.0) if self._reading else -1.0
        # "Vem är den första?" asks who that is, "vem arbetar med den första?" something else.
        general = (*_GENERAL, "who") if picked.startswith(PERSON) else _GENERAL
        is_special = ask.facet not in (*general, "meaning", UNCLEAR)
        says_more = self._heard.length >= _A_NAME  # "Nästa" alone asks for no time.
        if is_special and says_more and heard >= self._config["picked_facet_margin"]:
            return str(ask.facet)
        return self._facet_before() if picked.startswith(PERSON) else "what"

    def _described(self) -> str | None:
        """Return the fact that is picked by what it is about: "den om lärande"."""
        topics = self._reading.topics if self._reading else {"": 0.0}
        best = likeliest(topics)
        return best if best in self._knowledge.facts and topics[best] > 0 else None

    def _chosen(self, payload: str, act: str) -> Decision:
        """Decide as if a button had been pressed."""
        intent, brace, rest = payload.lstrip("/").partition("{")
        given = json.loads(brace + rest) if brace else {}
        entities = [
            {"entity": kind, "value": value}
            for kind, values in given.items()
            for value in (values if isinstance(values, list) else [values])
        ]
        heard = replace(
            self._heard,
            text=payload,
            intent=intent,
            is_chosen=True,
            entities=entities,
        )
        decision = Resolver(self._knowledge, self._config, heard, self._memory, None).decide()
        first, *others = decision.asks
        chosen = replace(decision, asks=(replace(first, act=act), *others))
        return chosen if chosen.action else replace(chosen, action=SAY, phrase=f"utter_{intent}")

    def _accepted(self) -> Decision:
        """Decide on "ja": what was offered first, unless that is hardly what is meant."""
        if self._heard.values("pronoun") and (people := self._refers.she()):
            return self._facet(Ask("yes", _persons(people), "what"))
        is_likely = self._reading is None or self._reading.acts.get("yes", 0.0) >= 0
        if self._heard.offered and (is_likely or self._heard.margin >= 0):
            return self._chosen(self._heard.offered[0], "yes")
        # Nothing was offered: what was stated is agreed to, if anything was.
        phrase = "utter_ack" if self._memory.messages else "utter_accept_what"
        return Decision((Ask("yes", (CHAT,)),), SAY, phrase=phrase)

    # Danger.

    def _in_danger(self) -> str | None:
        """Return the kind of danger that was answered last."""
        acts = self._memory.last_acts
        return next((kind for kind in self._config["danger"] if kind in acts), None)

    def _still_in(self, kind: str) -> Decision | None:
        """Decide on what follows after danger; None where it is about something else."""
        heard = self._heard
        if heard.intent in self._config["danger"]:
            # Who is in danger may sound only sad.
            worse = kind if kind in self._config["worst"] else heard.intent
            is_worst = heard.intent in self._config["worst"]
            return None if is_worst or heard.intent == worse else self._help(worse)
        if heard.intent in self._config["lines_of_help"] or heard.is_beside_care:
            return None
        if heard.intent in self._config["endings"]:
            return Decision((Ask(kind, (CHAT,)),), SAY, phrase="utter_emergency_ending")
        is_told = heard.intent in self._knowledge.intents or heard.intent == "local"
        is_clear = is_told and heard.margin >= self._config["sure_margin"]
        is_named = bool(self._refers.named())
        is_far = heard.intent == "oos" and heard.margin >= self._config["sure_margin"]
        if is_clear or is_named or is_far or heard.length > _FEW_IN_DANGER:
            return None
        return self._help(kind)

    @staticmethod
    def _help(kind: str) -> Decision:
        return Decision((Ask(kind, (CHAT,)),), SAY, phrase=f"utter_{kind}")

    # What the turn model hears.

    def _asked(self, reading: Reading) -> Ask:
        """Return what the turn model hears."""
        act = likeliest(reading.acts)
        topics = self._topics(self._likeliest_topic(act, reading))
        facet: str | None = likeliest(reading.facets)
        if act in _CHOOSING and reading.facets.get(str(facet), -1.0) < 0:
            facet = "what"
        is_same = act in ("swap", "correct") and self._memory.facet
        if is_same and reading.facets.get(str(facet), -1.0) < 0:
            facet = self._memory.facet
        elif reading.facets.get(str(facet), -1.0) < self._facet_margin(topics, reading):
            is_of_word = facet == "meaning" and self._knowledge.word_in(self._heard.text)
            facet = facet if is_of_word else UNCLEAR
        if facet == "can" and says(self._heard.text, "you") and kind_of(topics[0]) in _ASKED_OF_YOU:
            topics = (_BOT,)  # "Kan du hälsa henne?" asks what the bot can do.
        is_polar = reading.polar > self._config["polar_margin"]
        return Ask(act, topics, facet, is_polar)

    def _facet_margin(self, topics: tuple[str, ...], reading: Reading) -> float:
        """Return below which margin it is unclear what is asked of topics."""
        is_missing = reading.missing >= self._config["missing_share"]
        is_of_fact = topics[0] in self._knowledge.facts
        name = "left_out_margin" if is_missing and is_of_fact else "facet_margin"
        return float(self._config[name])

    def _likeliest_topic(self, act: str, reading: Reading) -> str:
        """Return the likeliest topic, or what is spoken of where nothing is heard: "bevisa det".

        Nobody goes back to what they are at, unless nothing else is heard.
        """
        goes_back = reading.acts.get("return", -1.0) > reading.acts[act] - _HARDLY
        here = set(map(kind_of, self._memory.topics)) if goes_back else set()
        elsewhere = {name: sure for name, sure in reading.topics.items() if name not in here}
        best = likeliest(elsewhere or reading.topics)
        if reading.topics[best] < _UNHEARD:
            best = likeliest(reading.topics)
        spoken_of = [kind_of(topic) for topic in self._memory.topics]
        is_unheard = act in _GOING_ON_ABOUT and reading.topics[best] < _UNHEARD
        return spoken_of[0] if spoken_of and is_unheard else best

    def _topics(self, best: str) -> tuple[str, ...]:
        """Return the topics, people where they are named or pointed back to."""
        named = _persons(self._heard.values("person"))
        if named and (best == "person" or best.startswith(_OF_PEOPLE) or best in _PHRASES):
            return named
        spoken_of = self._pointed_at() if self._heard.values("pronoun") else ()
        if spoken_of and not named:  # "Hon" is never a fact.
            return spoken_of
        if best != "person":
            is_plural = len(self._memory.topics) > 1 and best in self._memory.topics
            return self._memory.topics if is_plural and self._heard.values("group") else (best,)
        return named or self._pointed_at() or (CONTACT_ALL,)

    def _pointed_at(self) -> tuple[str, ...]:
        """Return the people that "hon", "de" or nothing stands for."""
        if self._heard.values("group"):
            return _persons(self._refers.several())
        is_hers = bool(self._heard.values("pronoun"))
        spoken_of = self._refers.focus() or self._refers.mentioned()
        return _persons((self._refers.she() if is_hers else spoken_of)[:1])

    def _first(self, ask: Ask, reading: Reading) -> Decision:
        """Decide on a first message that may be about something else."""
        if said := self._of_manners(ask, reading) or self._in_other_words(ask, reading):
            return said
        is_how = self._is_of_how()
        is_outside = self._heard.intent in self._config["plain"] and not is_how
        needed = self._config["outside_margin" if is_outside else "topic_margin"]
        needed = _ALONE if self._heard.is_other_language else needed
        is_asking = ask.act in (*_ASKING, *_FACET_OF, *(_AGAIN if is_how else ()))
        is_plain = kind_of(ask.topics[0]) in _PHRASES if is_how else self._is_plain()
        if is_plain or not is_asking or not self._is_clear(ask, reading, needed):
            return self._by_intent()
        asked = replace(ask, facet=_FACET_OF.get(ask.act, ask.facet))
        return self._claim(asked) if asked.polar else self._facet(asked)

    def _in_other_words(self, ask: Ask, reading: Reading) -> Decision | None:
        """Decide whose matter a message in another language is, as the encoder hears it."""
        topic = kind_of(ask.topics[0])
        if not self._heard.is_other_language or reading.topics.get(topic, -1.0) <= _ALONE:
            return None
        if topic == _UNIT:
            return self._facet(Ask(ask.act, (_UNIT,)))
        is_elsewhere = topic in _OUTSIDE
        return Decision((ask,), SAY, phrase=_PHRASES[topic]) if is_elsewhere else None

    def _later(self, ask: Ask, reading: Reading) -> Decision:
        """Decide on what follows in a conversation."""
        heard, memory, of_intent = self._heard, self._memory, self._of_intent()
        if self._jumps_back(ask):
            is_open = ask.facet in _GENERAL and memory.topics[0] in _OUTSIDE
            ask = replace(ask, topics=memory.topics, facet=_OTHER if is_open else ask.facet)
        act, is_told = ask.act, self._is_told(ask)
        if only_points(heard.text) and (named := self._named_last(ask)):
            return named
        if self._is_still_local(ask, reading):
            return Decision((Ask(act, ("local",)),), SAY, phrase=_PHRASES["local"])
        if self._is_agreeing(ask):
            return Decision((Ask("ack", (CHAT,)),), SAY, phrase="utter_ack")
        topic = kind_of(ask.topics[0]) if ask.topics else ""
        if ask.polar and ask.facet == "title" and heard.values("group"):  # "Har alla samma?"
            return self._claim(replace(ask, topics=(CONTACT_ALL,)))
        if topic not in _PHRASES and self._is_of_whom(ask):
            return self._by_intent()
        if self._is_plain() and self._is_like(of_intent, act, reading):
            return self._by_intent()
        if self._asks_who_has(of_intent, ask):
            return self._by_intent()
        if topic == CONTACT_TOPIC and memory.topics[:1] == ("local",) and not heard.values("unit"):
            # "Vem ska jag prata med då?" is of what was asked, which is no matter of the unit's.
            return Decision((replace(ask, topics=("local",)),), SAY, phrase=_PHRASES["local"])
        asks_whom = memory.topics[:1] == (CONTACT_TOPIC,) and ask.facet in _OF_WHOM
        if asks_whom and act == "swap" and heard.length <= _A_FEW_WORDS:  # "Och om läsning?"
            return self._facet(Ask(act, (CONTACT_TOPIC,), memory.facet))
        if memory.role and act in _GOING_ON and ask.facet == "who" and not self._refers.named():
            if says(heard.text, "not"):  # "Vem är det som inte är det?"
                return self._facet(Ask(act, (CONTACT_ALL,), "list", role=memory.role))
            return self._facet(Ask(act, (memory.role,), "who"))  # "Vem är det då?"
        is_short = heard.length <= _A_FEW_WORDS
        is_picking = act in ("pick", "swap") or heard.intent == _REFER
        is_picking = is_picking or (act in _GOING_ON and self._refers.ends_with_a_place())
        is_place = is_short or self._refers.names_a_place()
        if self._refers.ordinals() and is_place and is_picking and self._refers.has_list():
            return self._picked(ask)
        is_clear = self._is_clear(ask, reading, self._config["topic_margin"])
        if act in _OBJECTING and is_told and is_clear:
            return self._claim(ask) if ask.polar else self._facet(ask)
        wanted = self._config["acts"].get(heard.intent, heard.intent)
        is_more = wanted in _AGAIN and heard.margin >= self._config["new_margin"]
        if is_more and is_short and act == "follow" and ask.facet in ("what", UNCLEAR):
            act, ask = wanted, replace(ask, act=wanted)  # "Fortsätt" asks for more of it.
        if act in _AGAIN:
            own = [topic for topic in ask.topics if topic in self._knowledge.facts]
            own = [] if set(own) <= set(memory.topics) else own
            return self._again(replace(ask, topics=tuple(own) or memory.topics or ask.topics))
        if act in _FACET_OF and topic in (_UNIT, *self._knowledge.facts):
            return self._facet(replace(ask, facet=_FACET_OF[act]))
        if act == "count" and self._is_of_people(topic):
            return self._facet(replace(ask, topics=ask.topics[:1], facet="amount"))
        if act in _OVER_TOLD and not (act == "compare" and is_told):
            return Decision((ask,), OVER_TOLD)
        if act == "pick" and (heard.values("ordinal") or not is_told):
            return self._picked(of_intent)
        if act in ("yes", "no") and heard.intent in self._config["unclear"]:
            return self._accepted() if act == "yes" else self._social("no")
        if act == "tell" and memory.topics[:1] == (_OTHER,):
            return Decision((Ask(act, (_OTHER,)),), SAY, phrase=_PHRASES[_OTHER])
        asks_how_sure = ask.facet == "source" and reading.facets.get("source", -1.0) >= 0
        if asks_how_sure and not is_told and self._is_told(Ask("", memory.topics)):
            return self._facet(replace(ask, topics=memory.topics))  # "Hur vet du det?"
        if act in _SOCIAL:
            return self._social(act)
        if act not in _ASKING:
            return self._of_manners(ask, reading) or self._by_intent()
        needed = self._config["new_margin" if act == "ask" else "sure_margin"]
        if heard.margin >= 0 and (heard.is_part or self._is_nearly(of_intent, topic)):
            needed = 0.0
        is_sure = self._is_sure(of_intent, needed)
        roles = self._refers.roles()
        points_back = bool(heard.values("pronoun") or heard.values("person"))
        is_of_role = self._is_of_people(topic) and not (ask.people and points_back)
        if roles and not is_sure and is_of_role:
            goes_on = memory.facet in _WAYS and (act in _GOING_ON or is_short)
            facet = memory.facet if goes_on else ask.facet
            ask = replace(ask, topics=tuple(roles), facet=facet, polar=ask.polar and not goes_on)
        elif is_sure and not (ask.people and of_intent.topics == (_UNIT,)):
            ask = replace(ask, topics=of_intent.topics)
        elif topic == _BOT and heard.intent in _UNPLACED and reading.topics[_BOT] >= _WEAK:
            return self._of_bot(ask)
        elif topic in _PHRASES:
            of_rules = kind_of(of_intent.topics[0]) if of_intent.topics else ""
            is_of_unit = of_rules == _UNIT and act == "ask" and heard.margin >= needed
            is_of_unit = is_of_unit or (of_rules == _UNIT and bool(heard.values("unit")))
            # What goes on about something goes on about what was spoken of.
            is_elsewhere = act == "follow" and topic not in memory.topics and heard.margin >= 0
            if of_rules in _PHRASES or is_of_unit or is_elsewhere:
                return self._by_intent()
            if topic == CHAT and act in ("confirm", "correct") and "?" not in heard.text:
                return self._social("ack")
            if topic == _BOT and ask.facet in _WAYS:  # "Har du epost dit?"
                return self._by_intent()
            if topic == _BOT:
                return self._of_bot(ask)
            return Decision((ask,), SAY, phrase=_PHRASES[topic])
        is_name = bool(heard.values("person")) and not roles and heard.length <= _A_NAME
        if is_name and (memory.role or (ask.polar and self._titles_of(ask))):
            role = memory.role or self._titles_of(ask)[0].role
            return self._title_claim(tuple(TitleOf(one, role) for one in heard.values("person")))
        if is_name:
            return self._facet(replace(ask, facet=self._facet_before(), polar=False))
        facts = tuple(fact.id for fact in self._knowledge.facts_named(heard.text))
        is_open = ask.facet in (*_GENERAL, UNCLEAR)
        is_of_several = len(facts) > 1 and ask.topics[0] in facts and is_open
        if facts and (heard.length < _A_NAME or (is_of_several and not ask.polar)):
            return self._facet(replace(ask, topics=facts, facet="what", polar=False))
        if ask.polar:
            decision = self._claim(ask, is_told_otherwise=is_sure)
            return replace(decision, is_by_context=not is_sure and self._is_by_context(ask))
        return self._facet(replace(ask, facet="what") if self._is_of_whole(ask) else ask)

    def _is_agreeing(self, ask: Ask) -> bool:
        """Tell whether a message only agrees to what was stated: "ja, det stämmer"."""
        heard = self._heard
        is_yes = self._config["acts"].get(heard.intent) == "yes"
        is_sure = is_yes and heard.margin >= self._config["sure_margin"]
        # "Ja, precis" and "ja" to what one said oneself choose no button.
        is_told = bool(self._memory.messages) and not self._memory.is_chatting
        is_stated = "confirm" in self._memory.last_acts or says(heard.text, "agreeing")
        is_other = "?" in heard.text or heard.values("pronoun") or heard.values("ordinal")
        return is_sure and not is_other and is_told and (ask.act in _GOING_ON_ABOUT or is_stated)

    def _jumps_back(self, ask: Ask) -> bool:
        """Tell whether what goes on about something outside the page is heard as an older topic.

        "Vem är det?" never asks about anything but what was told last.
        """
        heard, earlier = self._heard, self._memory.earlier
        if only_points(heard.text) and ask.act in _GOING_ON:
            return bool(earlier) and set(earlier[0]).isdisjoint(ask.topics)
        before = {topic for topics in earlier[1:] for topic in topics}
        is_named = any(heard.values(kind) for kind in ("person", "other_person", "role"))
        is_sure = heard.margin >= self._config["new_margin"]
        is_placed = heard.intent in self._knowledge.intents and is_sure
        return (
            self._memory.topics[:1] in [(one,) for one in _OUTSIDE]
            and ask.act in _GOING_ON
            and not before.isdisjoint(ask.topics)
            and not (is_named or is_placed or self._knowledge.is_of_the_page(heard.text))
        )

    def _named_last(self, ask: Ask) -> Decision | None:
        """Decide on "vem är det?" after something outside the page, or another organisation."""
        topic = next(iter(self._memory.topics), "")
        fact = self._knowledge.facts.get(topic)
        if topic in _PHRASES and not self._memory.role:
            return Decision((replace(ask, topics=(topic,)),), SAY, phrase=_PHRASES[topic])
        if fact and fact.of_another and topic in ask.topics:
            return self._facet(replace(ask, facet="meaning", polar=False))
        return None

    def _is_by_context(self, ask: Ask) -> bool:
        """Tell whether nothing in "har ni praktik?" is of the fact that was told before."""
        heard, topic = self._heard, ask.topics[0]
        is_open = ask.facet in (*_GENERAL, UNCLEAR) and ask.act in _GOING_ON_ABOUT
        is_of_us = bool(heard.values("unit")) and not points_back(heard.text)
        is_before = topic in self._memory.topics and topic in self._knowledge.facts
        is_other = is_open and is_of_us and is_before and not heard.values("group")
        return is_other and not self._knowledge.has_words_of(heard.text, topic)

    def _is_of_whole(self, ask: Ask) -> bool:
        """Tell whether a first message is answered best by the whole fact, which tells it too."""
        fact = self._knowledge.facts.get(ask.topics[0])
        if self._memory.messages or not fact or self._heard.intent != fact.id:
            return False
        return ask.facet in (*_GENERAL, UNCLEAR) or bool(fact.told(str(ask.facet)))

    def _facet(self, ask: Ask) -> Decision:
        """Decide that a facet of the topics is told; of people who are responsible, who."""
        topic = next(iter(ask.topics), "")
        asks_who = ask.facet in _OF_WHO_DOES and topic in (_UNIT, *self._knowledge.facts)
        if topic == CONTACT_TOPIC or asks_who:
            aspects = self._knowledge.topics.get(topic) if asks_who else None
            noun = (aspects and aspects.noun) or ""
            known = self._knowledge.responsible_for(f"{self._heard.text} {noun}")
            if known or not asks_who:
                ask = replace(ask, topics=(CONTACT_TOPIC, *_persons(one.id for one in known)))
        return Decision((ask,), FACET)

    def _claim(self, ask: Ask, is_told_otherwise: bool = False) -> Decision:
        """Decide that yes or no is asked for; of whom a title is claimed is a matter by itself."""
        said = self._titles() or self._titles_of(ask)
        # "Malin är projektledare, kan hon hjälpa oss?" asks for no title.
        is_beside = ask.facet in _BESIDE_A_TITLE and all(self._has(o.person, o.role) for o in said)
        if said and not is_beside:
            return self._title_claim(said)
        is_same = ask.act == "swap" and ask.facet not in _GENERAL
        if is_same or ask.facet == "meaning":
            return self._facet(replace(ask, polar=False))
        return Decision((ask,), CLAIM, is_told_otherwise=is_told_otherwise)

    def _titles_of(self, ask: Ask) -> tuple[TitleOf, ...]:
        """Return who is said to have which title where one of both is left out."""
        named = self._heard.values("person")
        roles = self._refers.roles()
        # "Är det Daniella som är bas?", and "Daniella alltså?" after who is the head.
        told = [one for one in (*ask.topics, *self._memory.topics) if one in self._knowledge.roles]
        is_short = self._heard.length <= _A_NAME
        points_at_it = is_short or says(self._heard.text, "it")
        if self._refers.is_of_visitors_own():
            return ()
        if named and not roles and ask.facet in _OF_TITLES and points_at_it:
            roles = told[:1]
        people = ask.people
        is_of_her = bool(self._heard.values("pronoun"))
        focus = self._refers.focus()
        if roles and not people and not is_of_her and is_short and len(focus) == 1:
            people = tuple(focus)  # "Konsulent, eller?"
        return tuple(TitleOf(person, role) for person in named or people for role in roles)

    def _social(self, act: str) -> Decision:
        """Decide on what asks nothing."""
        heard = self._heard
        if act == "no" and (heard.values("person") or heard.values("role")):
            return self._about_people(self._config["people"][-1])
        if heard.intent in self._config["social"] and not self._tells(act):
            return Decision((Ask(act, (CHAT,)),))
        phrase = "utter_decline" if act == "no" else f"utter_{act}"
        return Decision((Ask(act, (CHAT,)),), SAY, phrase=phrase)

    def _of_manners(self, ask: Ask, reading: Reading) -> Decision | None:
        """Decide on thanks and the like that the intent takes for something else."""
        is_unclear = self._heard.intent in self._config["unclear"]
        is_of_chat = kind_of(ask.topics[0]) == CHAT and reading.topics.get(CHAT, -1.0) >= _WEAK
        if not is_unclear or not is_of_chat:
            return None
        if ask.act in _MANNERS and reading.acts[ask.act] >= -_WEAK:
            return Decision((Ask(ask.act, (CHAT,)),), SAY, phrase=f"utter_{_MANNERS[ask.act]}")
        return self._social(ask.act) if ask.act in _SOCIAL else None

    def _tells(self, act: str) -> bool:
        """Tell whether something is told where good manners are hardly heard: "jag är lärare"."""
        acts = self._reading.acts if self._reading and self._memory.messages else {}
        is_polite = acts.get(self._heard.intent, -1.0) > acts.get(act, -1.0) - _HARDLY
        return act == "tell" and self._heard.intent in self._config["manners"] and not is_polite

    def _is_before_anything(self) -> bool:
        """Tell whether nothing has been told or offered yet."""
        return not self._memory.messages and not self._heard.offered

    def _is_plain(self) -> bool:
        """Tell whether the intent says by itself that this is nothing about the unit."""
        is_plain = self._heard.intent in self._config["plain"]
        return is_plain and self._heard.margin >= self._config["sure_margin"]

    def _is_still_local(self, ask: Ask, reading: Reading) -> bool:
        """Tell whether a message goes on about the local library: "Borås", "har du numret dit?"."""
        heard, act = self._heard, ask.act
        is_place = heard.length <= _A_NAME and heard.intent in _NOT_PLACED
        is_of_us = heard.values("unit") or heard.values("person")
        goes_on = act in _GOING_ON and not is_of_us and reading.topics.get("local", -1.0) >= _WEAK
        is_said = heard.intent == "local" and not is_of_us
        is_way = ask.facet in _WAYS and not (is_of_us or heard.values("role"))
        is_local = is_place or goes_on or is_said or is_way
        return self._memory.topics[:1] == ("local",) and is_local

    def _is_like(self, of_intent: Ask, act: str, reading: Reading) -> bool:
        """Tell whether the turn model does not contradict an intent that is plain by itself."""
        if self._heard.intent not in self._config["plain_later"]:
            return act == "ask" or max(reading.topics.values()) < 0
        if self._heard.intent in self._config["acts"]:
            same = (of_intent.act, *(_OBJECTING if of_intent.act == "no" else ()))
            likely = max(reading.acts.get(one, -1.0) for one in same)
            return likely > reading.acts[act] - 2 * _NEARLY
        topic = next(iter(of_intent.topics), "")
        return reading.topics.get(topic, -1.0) > max(reading.topics.values()) - _NEARLY

    def _is_of_whom(self, ask: Ask) -> bool:
        """Tell whether the intent asks about people, and whom is known without the topic."""
        heard = self._heard
        if heard.intent not in self._config["people"]:
            return False
        is_way = heard.intent in self._config["people"][1:-1]
        is_way = is_way or (heard.intent == self._config["people"][-1] and bool(ask.people))
        is_known = bool(ask.people or heard.values("pronoun") or heard.values("group"))
        return is_way or (is_known and ask.facet in _OF_WHO and not ask.polar)

    def _is_nearly(self, of_intent: Ask, topic: str) -> bool:
        """Tell whether the topic of the intent is hardly less likely than the likeliest."""
        assert self._reading
        topics = self._reading.topics
        other = kind_of(next(iter(of_intent.topics), ""))
        return topics.get(other, -1.0) > topics.get(topic, -1.0) - _HARDLY

    def _asks_who_has(self, of_intent: Ask, ask: Ask) -> bool:
        """Tell whether the intent is sure that a role is asked for, and nothing else of it."""
        heard, topic = self._heard, kind_of(next(iter(ask.topics), ""))
        is_of_role = heard.intent in self._knowledge.roles and heard.margin >= 0
        is_open = not ask.polar and ask.facet in (*_OF_WHO, UNCLEAR)
        is_named = bool(heard.values("role"))
        return is_of_role and is_open and (is_named or self._is_nearly(of_intent, topic))

    def _is_sure(self, of_intent: Ask, needed: float) -> bool:
        """Tell whether the intent says by itself what the topic is."""
        is_unclear = self._heard.intent in self._config["unclear"]
        return not is_unclear and self._is_told(of_intent) and self._heard.margin >= needed

    @staticmethod
    def _is_of_people(topic: str) -> bool:
        return topic == "person" or topic.startswith(_OF_PEOPLE)

    def _is_told(self, ask: Ask) -> bool:
        """Tell whether the knowledge files say anything of what is asked about."""
        return any(kind_of(topic) in self._knowledge.topics for topic in ask.topics)

    def _is_ours(self, ask: Ask) -> bool:
        """Tell whether it is the unit, its people or a fact that is asked about."""
        topic = next(iter(ask.topics), "")
        known = (_UNIT, CONTACT_ALL, CONTACT_TOPIC, *self._knowledge.intents)
        return topic in known or topic.startswith(PERSON)

    def _is_clear(self, ask: Ask, reading: Reading, needed: float) -> bool:
        topic = kind_of(ask.topics[0]) if ask.topics else ""
        return topic in self._knowledge.topics and (reading.topics.get(topic, -1.0) > needed)


def _persons(people: Iterable[str]) -> tuple[str, ...]:
    return tuple(PERSON + one for one in people)


def is_fixed(intent: str, config: Mapping[str, Any]) -> bool:
    """Tell whether nothing overrules an intent: danger, a line of help, other languages."""
    return any(intent in config[kind] for kind in _FIXED)
