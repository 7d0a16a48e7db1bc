"""What every action needs of one turn: what was decided, what was said, and how to say it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SlotSet, UserUttered
from rasa_sdk.executor import CollectingDispatcher

from actions.indirect import indirect
from bot.dialogue.decision import FACET, Decision
from bot.dialogue.memory import DECISION, EASY, MEMORY, PERSON, Ask, Memory
from bot.facts import current
from bot.knowledge import Aspects, Fact, Knowledge, Person, in_english, is_in_english, stems_in
from bot.language.languages import ENGLISH, LANGUAGE, SWEDISH
from bot.nlu.parts import ASKED, PART

Button = dict[str, str]

# The field of a person that an intent asks for; the utterances are named after it.
FIELDS: Final = {"contact_phone": "phone", "contact_email": "email"}
# The fields of a person that answer what is asked, and the intent that asks for one of them.
WAYS: Final = {**{field: (field,) for field in FIELDS.values()}, "contact": (*FIELDS.values(),)}
INTENTS_OF_WAYS: Final = {field: intent for intent, field in FIELDS.items()}
_PHRASE: Final = "utter_"
_ENGLISH: Final = "_english"
_EASY: Final = "_easy"
# What was chosen is answered, whatever the words were taken for.
_CHOOSING: Final = ("pick", "yes")
# The intent that names no topic, for the page tells nothing of it.
_NOT_TOLD: Final = "unit_missing"


class Turn:
    """One message of a visitor, what was decided on it, and the reply to it."""

    def __init__(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
        knowledge: Knowledge,
    ) -> None:
        """Look at the conversation with the facts of this moment."""
        self._dispatcher = dispatcher
        self._tracker = tracker
        self._responses = domain.get("responses") or {}
        self._intents = set(domain.get("intents") or ())
        self.decision = Decision.of_slot(tracker.get_slot(DECISION))
        self.ask: Ask = self.decision.asks[0]
        self.knowledge = knowledge
        # Where something of the topics has no English, the answer is in Swedish after a word of it.
        self.is_english = tracker.get_slot(LANGUAGE) == ENGLISH
        if self.is_english and not is_in_english(knowledge, self.ask.topics):
            self.say_in("utter_not_in_english", ENGLISH)
            self.is_english = False
        if self.is_english:
            self.knowledge = in_english(knowledge)
        # What this reply tells, for the next not to repeat it.
        self.told: list[str] = []
        # What else the message asks: parse data, in the order of the message.
        self.further: list[dict[str, Any]] = tracker.latest_message.get("further") or []

    @property
    def intent(self) -> str:
        """What the visitor asks for."""
        return str(self._tracker.latest_message.get("intent", {}).get("name"))

    @property
    def text(self) -> str:
        """What the visitor wrote; of a message that asks several things, the part of one."""
        latest = self._tracker.latest_message
        return latest.get(PART) or latest.get("text") or ""

    @property
    def language(self) -> str:
        """The language that the message is written in; empty where its words do not tell."""
        return str(self._tracker.latest_message.get(LANGUAGE) or "")

    def has_phrase(self, name: str) -> bool:
        """Tell whether domain.yml has a phrase."""
        return name in self._responses

    @property
    def elsewhere(self) -> str:
        """What the phrase that was decided on calls somebody else's matter; or nothing."""
        whose = self.decision.phrase.removeprefix(_PHRASE)
        is_named = self.language in ("", SWEDISH)
        return (is_named and self.knowledge.elsewhere_in(self.text, whose)) or ""

    @property
    def lacking(self) -> str:
        """The visitor's words for what the page tells nothing of, in quotes; or nothing."""
        words = [f"”{self.text[start:end]}”" for start, end in self.decision.lacks]
        return self.one_of(words, "or") if words else ""

    @property
    def clause(self) -> str | None:
        """What the visitor asks, as a clause that the bot says; None where that is unclear."""
        if self.is_english or self.language not in ("", SWEDISH):
            return None
        named = [self.text[one["start"] : one["end"]] for one in self.entities("person")]
        return indirect(self._tracker.latest_message.get(ASKED) or self.text, named)

    @property
    def missing(self) -> str | None:
        """The same where the page is likely to tell nothing of it, and it says what that is."""
        names_it = not self.lacking or bool(stems_in(self.lacking) & stems_in(self.clause or ""))
        return self.clause if names_it and (self.decision.is_missing or self.lacking) else None

    @property
    def memory(self) -> Memory:
        """What was asked so far, this message last."""
        return Memory.of_slot(self._tracker.get_slot(MEMORY))

    @property
    def told_before(self) -> tuple[str, ...]:
        """Every topic of the conversation before this message."""
        return Memory(self.memory.messages[:-1]).told

    @property
    def people(self) -> list[Person]:
        """The people who are asked about."""
        known = self.knowledge.people
        return [known[one] for one in self.ask.people if one in known]

    @property
    def is_easy(self) -> bool:
        """Whether the visitor wants easy words."""
        return bool(self._tracker.get_slot(EASY))

    def statement(self, fact: Fact) -> str:
        """Return what a fact tells: in easy words where they are wanted, and there are some."""
        return ((self.is_easy and fact.easy) or fact.statement).strip()

    def ranked(self) -> list[str]:
        """Return the intents that the message resembles, nearest first."""
        ranking = self._tracker.latest_message.get("intent_ranking") or []
        return [str(entry["name"]) for entry in ranking]

    def entities(self, kind: str) -> list[dict[str, Any]]:
        """Return the entities of one kind, in the order of the message."""
        found = self._tracker.latest_message.get("entities") or []
        return sorted(
            (one for one in found if one["entity"] == kind), key=lambda one: one.get("start", 0)
        )

    def was_told(self, key: str) -> bool:
        """Tell whether the reply before told this."""
        return key in (self._tracker.get_slot("said") or ())

    def aspects(self, topic: str) -> Aspects | None:
        """Return what is told of a topic, or of the one thing of it that is named, by facet.

        People share theirs.
        """
        found = self.knowledge.topics.get("person" if topic.startswith(PERSON) else topic)
        item = self.knowledge.items.get(str(self.ask.item))
        return item.of(found) if item and found and topic in item.topics else found

    def say(self, utterance: str, buttons: Sequence[Button] = (), **values: Any) -> None:
        """Utter a phrase of domain.yml, its {placeholders} filled with the values."""
        response, marks = self._worded(utterance)
        self._dispatcher.utter_message(
            response=response,
            buttons=list(buttons) or None,
            json_message={"id": self._id, **marks},
            **values,
        )

    def say_in(self, response: str, language: str) -> None:
        """Utter a phrase that there is in one language alone."""
        self._dispatcher.utter_message(
            response=response, json_message={"id": self._id, "lang": language}
        )

    def _worded(self, utterance: str) -> tuple[str, dict[str, str]]:
        """Return the name of a phrase in the words that are wanted, and how they are marked."""
        english, easy = f"{utterance}{_ENGLISH}", f"{utterance}{_EASY}"
        if self.is_english and english in self._responses:
            return english, {"lang": ENGLISH}
        return easy if self.is_easy and easy in self._responses else utterance, {}

    def named(self, phrase: str) -> str:
        """Return the variant of a phrase that names what the page lacks, if there is one."""
        asked, named = f"{phrase}_asked", f"{phrase}_named"
        if self.clause and asked in self._responses:
            return asked
        is_named = self.elsewhere or self.lacking
        return named if is_named and named in self._responses else phrase

    def phrase(self, utterance: str, **values: Any) -> str:
        """Return a phrase of domain.yml, filled in, to be told among others."""
        response, _ = self._worded(utterance)
        return str(self._responses[response][0]["text"]).format(**values)

    def one_of(self, names: Sequence[str], joint: str) -> str:
        """Return "a", "a och b" or "a, b och c"; the joint is "and" or "or"."""
        last = f" {self.phrase(f'utter_{joint}')} "
        return last.join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]

    def filled(self, text: str, people: Sequence[Person]) -> str:
        """Return a text with names and titles put in."""
        if not people:
            return text
        names = self.one_of([person.name for person in people], "and")
        titles = list(dict.fromkeys(person.title.lower() for person in people))
        return text.replace("{name}", names).replace("{title}", self.one_of(titles, "and"))

    def say_phrase(self, phrase: str, variant: str = "") -> None:
        """Utter a phrase that is a whole answer, in other words where it was the last one too.

        A variant is said in its place, under its name.
        """
        again, name = f"{phrase}_again", phrase.removeprefix(_PHRASE)
        own = _ENGLISH if self.is_english else ""
        is_again = self.was_told(phrase) and f"{again}{own}" in self._responses
        said = variant or self.named(again if is_again else phrase)
        response, marks = self._worded(said)
        self._dispatcher.utter_message(
            response=response,
            json_message={"id": name if name in self._intents else self.intent, **marks},
            words=self.elsewhere or self.lacking,
        )
        self.told.append(phrase)

    def tell(self, text: str, fact: str, buttons: Sequence[Button] = ()) -> None:
        """Utter a fact of the knowledge files; `fact` is its id."""
        marks = {"lang": ENGLISH} if self.is_english else {}
        self._dispatcher.utter_message(
            text=text.strip(), buttons=list(buttons) or None, json_message={"id": fact, **marks}
        )

    def show(self, utterance: str, about: Iterable[Person], /, **values: Any) -> None:
        """Utter a phrase about people, with what is known of them for contact cards."""
        cards = [
            {
                "name": person.name,
                "title": person.title,
                "phone": person.phone,
                "email": person.email,
                "areas": list(person.areas),
            }
            for person in about
        ]
        response, marks = self._worded(utterance)
        self._dispatcher.utter_message(
            response=response, json_message={"id": self._id, "contacts": cards, **marks}, **values
        )

    def say_what_else(self) -> None:
        """Say where else the one thing leads that the message names, beside what it asks."""
        item = self.knowledge.items.get(str(self.ask.item))
        topic = next(iter(self.ask.topics), self.knowledge.unit.overview or "")
        if item and item.id in self.knowledge.items_in(self.text, topic):
            for other, text in item.leads_to.items():
                if other != topic and not self.was_told(f"{item.id}.{other}"):
                    self.say("utter_told", text=text)
                    self.told.append(f"{item.id}.{other}")

    @property
    def _id(self) -> str:
        """What the answer is known by: the intent, or the topic where that alone tells it."""
        topic, facet = next(iter(self.ask.topics), ""), str(self.ask.facet)
        if self.decision.action == FACET and facet in INTENTS_OF_WAYS:
            return INTENTS_OF_WAYS[facet]
        names_topic = self.intent in self.knowledge.questions or self.intent == _NOT_TOLD
        if names_topic and self.ask.act not in _CHOOSING:
            return self.intent
        if topic.startswith(PERSON):
            return INTENTS_OF_WAYS.get(facet, "contact_person")
        return topic if topic in self._intents else self.intent

    def say_how_to_reach(self, people: Sequence[Person], *further: str) -> None:
        """End an answer about people: offer the ways that lead to some of them, else say so."""
        buttons = self.ways_on(*FIELDS, *further, about=people)
        if any(getattr(one, field) for one in people for field in FIELDS.values()):
            self.say("utter_anything_else", buttons)
        else:
            self.say("utter_no_ways", buttons, instead=self.knowledge.unit.instead)

    def ways_from(self, topic: str) -> list[Button]:
        """Return buttons for what follows a topic; whom to ask where nothing is given."""
        known = self.knowledge.topics.get(topic)
        return self.ways_on(*((known and known.follow_ups) or ("contact_topic", "contact_all")))

    def ways_on(self, *intents: str, about: Sequence[Person] = ()) -> list[Button]:
        """Return buttons for next questions; none for a number that nobody of these has."""
        return [
            self.knowledge.button(intent)
            for intent in intents
            if not about
            or intent not in FIELDS
            or any(getattr(person, FIELDS[intent]) for person in about)
        ]


class KnowledgeAction(Action, ABC):
    """An action that answers from the knowledge files."""

    def __init__(self, knowledge: Callable[[], Knowledge] = current) -> None:
        """Take the facts from `knowledge`, asked at every turn."""
        self._knowledge = knowledge

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answer one turn, as Rasa asks for it, then go on to the message's next question."""
        turn = Turn(dispatcher, tracker, domain, self._knowledge())
        self.answer(turn)
        turn.say_what_else()
        events: list[EventType] = [SlotSet("said", turn.told)]
        if turn.further:
            # Decided on by itself, as if it were a message of its own.
            first, *others = turn.further
            part = UserUttered(first["text"], {**first, "further": others})
            events += [ActionExecuted("action_listen"), part]
        return events

    @abstractmethod
    def answer(self, turn: Turn) -> None:
        """Reply."""


def bullets(lines: Iterable[str]) -> str:
    """Return a list with one line each."""
    return "\n".join(f"- {line}" for line in lines)


def raised(text: str) -> str:
    """Return the text with a capital first."""
    return text[:1].upper() + text[1:]
