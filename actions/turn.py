"""What every action needs of one turn: what was meant, what was said, what to remember."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SlotSet, UserUttered
from rasa_sdk.executor import CollectingDispatcher

from actions.claim_words import is_claim
from bot.errors import EndlessTurnError, log_failure
from bot.facts import current
from bot.knowledge import Knowledge, Person

Button = dict[str, str]

# The field of a person that an intent asks for; the utterances are named after it.
FIELDS: Final = {"contact_phone": "phone", "contact_email": "email"}

# How many people of a conversation are remembered for "den andra".
_MENTIONED: Final = 12
# How often one question may be passed on. Those that work take two or three steps.
_MOST_STEPS: Final = 6
# How many people with a similar name are offered.
_NAMESAKES: Final = 3


class Turn:
    """One message of a visitor, the conversation before it, and the reply to it."""

    def __init__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, knowledge: Knowledge
    ) -> None:
        """Look at the conversation with the facts of this moment."""
        self._dispatcher = dispatcher
        self._tracker = tracker
        self.knowledge = knowledge
        # What else the message asks: parse data, in the order of the message.
        self.further: list[dict[str, Any]] = tracker.latest_message.get("further") or []
        # What this question has been taken for so far, this turn last: intents and texts.
        before: list[list[str]] = tracker.latest_message.get("trail") or []
        self.trail = [*before, [self.intent, self.text]]

    @property
    def intent(self) -> str:
        """What the visitor asks for."""
        return str(self._tracker.latest_message.get("intent", {}).get("name"))

    @property
    def confidence(self) -> float:
        """How sure it is what the visitor asks for, from 0 to 1."""
        return float(self._tracker.latest_message.get("intent", {}).get("confidence") or 0.0)

    def ranked(self) -> list[str]:
        """Return the intents that the message resembles, nearest first."""
        ranking = self._tracker.latest_message.get("intent_ranking") or []
        return [str(entry["name"]) for entry in ranking]

    @property
    def text(self) -> str:
        """What the visitor wrote."""
        return self._tracker.latest_message.get("text") or ""

    @property
    def own_text(self) -> str:
        """The same without what is asked in the message's other questions."""
        text = self.text
        for question in self.further:
            text = text.replace(str(question.get("text") or ""), " ", 1)
        return text

    @property
    def is_beside_care(self) -> bool:
        """Whether another part of the message tells of distress, which has been answered."""
        return bool(self._tracker.latest_message.get("beside_care"))

    @property
    def message_entities(self) -> list[dict[str, Any]]:
        """Return the entities in the order of the message."""
        found = self._tracker.latest_message.get("entities") or []
        return sorted(found, key=lambda entity: entity.get("start", 0))

    def entities(self, kind: str) -> list[str]:
        """Return the values of one kind of entity, in the order of the message."""
        values = [str(e["value"]) for e in self.message_entities if e["entity"] == kind]
        return list(dict.fromkeys(values))

    def slot(self, name: str) -> Any:
        """Return what a slot holds."""
        return self._tracker.get_slot(name)

    def focus(self) -> list[Person]:
        """Return the people that the conversation was about last."""
        remembered = self._tracker.get_slot("people") or []
        return [self.knowledge.people[name] for name in remembered if name in self.knowledge.people]

    def mentioned(self) -> list[Person]:
        """Return the people of the conversation, those of the last answers first."""
        remembered = self._tracker.get_slot("mentioned") or []
        return [self.knowledge.people[name] for name in remembered if name in self.knowledge.people]

    def last_question(self) -> str | None:
        """Return the intent that was answered last."""
        question: str | None = self._tracker.get_slot("question")
        return question

    def listed(self) -> list[str]:
        """Return the payloads of the last list, in its order."""
        return list(self._tracker.get_slot("listed") or [])

    @property
    def is_list_left(self) -> bool:
        """Whether only buttons have been shown since the last list."""
        return bool(self._tracker.get_slot("listed") == [])

    def offered(self) -> list[str]:
        """Return the payloads of the buttons under the last answer."""
        for event in reversed(self._tracker.events):
            if event.get("event") == "bot":
                buttons = (event.get("data") or {}).get("buttons") or []
                return [button["payload"] for button in buttons]
        return []

    def say(self, utterance: str, buttons: Sequence[Button] = (), **values: Any) -> None:
        """Utter a phrase of domain.yml, its {placeholders} filled with the values."""
        self._dispatcher.utter_message(
            response=utterance,
            buttons=list(buttons) or None,
            json_message={"id": self.intent},
            **values,
        )

    def tell(self, text: str, fact: str, buttons: Sequence[Button] = ()) -> None:
        """Utter a fact of the knowledge files; `fact` is its id."""
        self._dispatcher.utter_message(
            text=text.strip(), buttons=list(buttons) or None, json_message={"id": fact}
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
        self._dispatcher.utter_message(
            response=utterance, json_message={"id": self.intent, "contacts": cards}, **values
        )

    def say_how_to_reach(self, people: Sequence[Person], *further: str) -> None:
        """End an answer about people: offer the ways that lead to some of them, else say so."""
        buttons = self.ways_on(*FIELDS, *further, about=people)
        if any(getattr(one, field) for one in people for field in FIELDS.values()):
            self.say("utter_anything_else", buttons)
        else:
            self.say("utter_no_ways", buttons, instead=self.knowledge.unit.instead)

    def take_as(self, intent: str) -> list[EventType]:
        """Return events that make the bot answer the same message as this intent."""
        same = {"intent": {"name": intent, "confidence": 1.0}, "entities": self.message_entities}
        return _go_on(self.text, same)

    def say_unclear(self) -> None:
        """Admit that it is unclear what the visitor means, where no answer is left to try."""
        course = " → ".join(intent for intent, _ in self.trail)
        error_id = log_failure(EndlessTurnError(f"No answer is left to try: {course}"))
        self._dispatcher.utter_message(
            response="utter_refer_to_what", json_message={"id": self.intent, "error_id": error_id}
        )

    def say_unknown_person(self) -> None:
        """Say that nobody here has the name in the message, and who has one like it."""
        strangers = [e for e in self.message_entities if e["entity"] == "other_person"]
        stranger = next((one for one in strangers if one.get("namesakes")), strangers[0])
        namesakes = [
            name for name in stranger.get("namesakes", ()) if name in self.knowledge.people
        ]
        head = self.knowledge.first_role.intent
        buttons = [
            *(self.knowledge.button("contact_person", name) for name in namesakes[:_NAMESAKES]),
            *self.ways_on("contact_all", *([] if namesakes else [head])),
        ]
        name = str(stranger["value"])
        utterance = "utter_person_unknown"
        if stranger.get("elsewhere"):
            utterance = "utter_person_elsewhere"
        elif self.asks_of_a_role and self.is_claim:
            utterance = "utter_person_unknown_claim"
        self.say(utterance, buttons, name=name.title() if name.islower() else name)

    @property
    def is_claim(self) -> bool:
        """Whether the message claims something of whom it names: "Anna är väl chef?"."""
        roles = [e for e in self.message_entities if e["entity"] == "role" and "start" in e]
        return is_claim(self.own_text, [self.text[e["start"] : e["end"]] for e in roles])

    @property
    def asks_of_a_role(self) -> bool:
        """Whether the message names a title, or its intent is one."""
        return bool(self.entities("role")) or self.intent in self.knowledge.roles

    def ways_on(self, *intents: str, about: Sequence[Person] = ()) -> list[Button]:
        """Return buttons for next questions; none for a number that nobody of these has."""
        return [
            self.knowledge.button(intent)
            for intent in intents
            if not about
            or intent not in FIELDS
            or any(getattr(person, FIELDS[intent]) for person in about)
        ]

    def about_each(self, people: Iterable[Person]) -> list[str]:
        """Return payloads that ask who somebody is, one a person."""
        return [self.knowledge.button("contact_person", p.id)["payload"] for p in people]

    def leave_list(self) -> EventType:
        """Return the event that lets "den andra" mean the buttons shown now, not a list before."""
        return SlotSet("listed", [])

    def remember(
        self,
        people: Iterable[Person] | None = None,
        listed: Sequence[str] | None = None,
        beside: Iterable[Person] = (),
    ) -> list[EventType]:
        """Return events that keep what this answer was about for the next turns.

        Args:
            people: whom it was about.
            listed: payloads of what it listed.
            beside: who was only mentioned.

        """
        events: list[EventType] = [SlotSet("question", self.intent)]
        if people is not None:
            now = [person.id for person in people]
            before = [person.id for person in self.mentioned()]
            mentioned = list(dict.fromkeys([*now, *(p.id for p in beside), *before]))[:_MENTIONED]
            events += [SlotSet("people", now), SlotSet("mentioned", mentioned)]
        if listed is not None:
            events.append(SlotSet("listed", list(listed)))
        elif self.is_list_left:  # What is told now may belong to a list again.
            events.append(SlotSet("listed", None))
        return events


class KnowledgeAction(Action, ABC):
    """An action that answers from the knowledge files."""

    def __init__(self, knowledge: Callable[[], Knowledge] = current) -> None:
        """Take the facts from `knowledge`, asked at every turn."""
        self._knowledge = knowledge

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answer one turn, as Rasa asks for it, then go on to its next question."""
        turn = Turn(dispatcher, tracker, self._knowledge())
        return _and_then(_without_return(turn, self.answer(turn)), turn.further)

    @abstractmethod
    def answer(self, turn: Turn) -> list[EventType]:
        """Reply, and return the events that follow."""


def ask(*payloads: str) -> list[EventType]:
    """Return events that make the bot go on as if the visitor had chosen the payloads."""
    first, *further = [_chosen(payload) for payload in payloads]
    return _go_on(first["text"], {**first, "further": further})


def ask_about(intent: str, people: Iterable[Person]) -> list[EventType]:
    """Return events that make the bot go on as if asked this about these people."""
    names = [person.id for person in people]
    payload = f"/{intent}{json.dumps({'person': names[0] if len(names) == 1 else names})}"
    entities = [{"entity": "person", "value": name} for name in names]
    return _go_on(payload, {"intent": {"name": intent, "confidence": 1.0}, "entities": entities})


def _chosen(payload: str) -> dict[str, Any]:
    """Return the parse data of a payload."""
    intent, brace, rest = payload.lstrip("/").partition("{")
    values = json.loads(brace + rest) if brace else {}
    entities = [{"entity": kind, "value": value} for kind, value in values.items()]
    return {
        "text": payload,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": entities,
    }


def _go_on(text: str, parse_data: dict[str, Any]) -> list[EventType]:
    return [ActionExecuted("action_listen"), UserUttered(text, parse_data)]


def _without_return(turn: Turn, events: list[EventType]) -> list[EventType]:
    """Return the events, unless they pass the question on to what it was taken for before.

    Each step is kept with what it leads to, so that no course of steps can be endless, whatever
    the actions decide.
    """
    if not events or events[-1]["event"] != "user":
        return events
    parse_data = events[-1]["parse_data"]
    step = [parse_data["intent"]["name"], events[-1]["text"]]
    if step in turn.trail or len(turn.trail) >= _MOST_STEPS:
        turn.say_unclear()
        return events[:-2]
    for question in (parse_data, *parse_data.get("further", ())):
        question["trail"] = turn.trail
    return events


def _and_then(events: list[EventType], further: list[dict[str, Any]]) -> list[EventType]:
    """Return the events, followed by the message's other questions."""
    if not further:
        return events
    if events and events[-1]["event"] == "user":
        # The answer itself goes on; what is left waits until that has been answered.
        events[-1]["parse_data"].setdefault("further", []).extend(further)
        return events
    following = {**further[0], "further": further[1:]}
    return [*events, *_go_on(further[0]["text"], following)]


def bullets(lines: Iterable[str]) -> str:
    """Return a list with one line each."""
    return "\n".join(f"- {line}" for line in lines)


def one_of(names: Sequence[str], joint: str) -> str:
    """Return "a", "a och b" or "a, b och c", with the joint in place of "och"."""
    return f" {joint} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
