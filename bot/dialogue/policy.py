"""Decide, once for each message, what it asks and which action answers it."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace
from typing import Any, Final

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.claim_model import PAGE_LACKS, ClaimModel, HeardClaims
from bot.dialogue.context import kind_of, of_conversation, of_message
from bot.dialogue.decision import CLAIM, FACET, SAY, UNCLEAR, UNSAID, Decision
from bot.dialogue.heard import Heard
from bot.dialogue.matter_model import MatterModel
from bot.dialogue.memory import CHAT, DECISION, EASY, MEMORY, SAID, Memory
from bot.dialogue.references import says
from bot.dialogue.resolver import Resolver, is_fixed
from bot.dialogue.subject_model import SubjectModel
from bot.dialogue.turn_encoder import TurnEncoder
from bot.dialogue.turn_model import Reading, Shares, TurnModel
from bot.dialogue.turn_reader import CLAIMS, MARGIN, MARGINS, MATTERS, SUBJECTS, TURNS
from bot.facts import current
from bot.knowledge import Knowledge
from bot.language.languages import ENGLISH, LANGUAGE, NEAR, SWEDISH
from bot.nlu.features import Values
from bot.nlu.judge import ASK_BACK, FOREIGN, NONSENSE, OUTSIDE, without_names

# How near a claim must be that is of what was spoken of before, not of what is asked now.
_SURE_OF_BEFORE: Final = 1.3
# What was asked before is encoded in ids, so that a few words with one would pass for it.
_IN_IDS: Final = "_"
_A_COMMAND: Final = 3
_PEOPLE: Final = ("person", "other_person")
_UNIT: Final = "unit"
_TOLD: Final = "told"
_SIMPLER: Final = "simpler"
_MOST_LACKING: Final = 2
_CLEAR: Final = 0.0
# Words of another language are unlike all that was learned, which says nothing of what they ask.
_UNLIKE: Final = (OUTSIDE, NONSENSE)
_UNSURE: Final = -1.0
_BOT: Final = "bot"
_LEAST: Final = 1e-6
# Facets that say little of what is asked.
_OPEN: Final = ("what", "other", UNCLEAR)
# Above what rules have.
_PRIORITY: Final = 7


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class DecisionPolicy(Policy):
    """Reads each message in the light of what was told, and chooses the action that answers.

    Where it chooses none, the rules do. Either way it keeps in the slot `memory` what was asked.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings and what they are when config.yml says nothing."""
        return {
            "priority": _PRIORITY,
            # The component that learned the turn model, by Rasa's name for it.
            "reads": "",
            # From which margin on what words tell is clear, and the encoder is not asked.
            "clear_margin": 0.0,
            # How much the encoder counts beside words, from 0 to 1.
            "meaning_counts": 0.7,
            # From which margin on yes or no is asked for.
            "polar_margin": -0.15,
            # From which margin on an intent is sure.
            "sure_margin": 0.0,
            # The same where the turn seems to ask something new.
            "new_margin": 0.0,
            # Below which margin it is unclear what is asked of the topic.
            "facet_margin": -0.7,
            # The same of a fact that probably leaves it out, whatever it is.
            "left_out_margin": -0.3,
            # From which margin on it is clear what is asked of what is picked.
            "picked_facet_margin": 0.0,
            # From which margin on a topic is clear that the intents do not know.
            "topic_margin": -0.2,
            # The same of a first message that the intents cannot place.
            "first_topic_margin": 0.0,
            # The same of a first message that the intents take for something else.
            "outside_margin": 0.2,
            # Below which margin it is unclear whose matter a message is.
            "matter_floor": -0.3,
            # By how much a library's must lead where the intent lies outside: not all of books is.
            "local_lead": 0.2,
            # By how much somebody else's matter must lead for what is told to be held back.
            "matter_margin": 0.6,
            # From which margin on a word names what the page tells nothing of, where the answer is
            # general, and beside what the page tells.
            "subject_margin": 0.1,
            "sure_subject_margin": 0.3,
            # The same where a "ja" would be said to it.
            "yes_subject_margin": -0.2,
            # How likely it must not be then that the page tells what is asked.
            "told_share": 0.5,
            # How likely it must be that the page tells nothing of what is asked for saying so.
            "missing_share": 0.5,
            # The same for saying nothing of what it leaves out beside that.
            "surely_told_share": 0.8,
            # Intents that nothing overrules, beside those of danger and of lines of help.
            "fixed": [],
            # Intents about people: who, by telephone, by e-mail, and the same of somebody else.
            "people": [],
            # Those of danger and distress, the worst first: what follows them is still about it.
            "danger": [],
            # Those of danger, and those that add a line of help to an answer.
            "worst": [],
            "lines_of_help": [],
            # Intents that take back the wish for easy words.
            "as_usual": [],
            # Intents that end a conversation, or take something back.
            "endings": [],
            # Intents of good manners, beside which a message may ask something.
            "manners": [],
            # Intents that say that it is unclear what is meant.
            "unclear": [],
            # Those of them that are clear when they are near enough.
            "plain": [],
            # Those of them that are so after other messages too.
            "plain_later": [],
            # Intents that have a phrase for small talk.
            "social": [],
            # What intents that are no fact or role are about; "person" is who is named.
            "topics": {},
            # What of it they ask.
            "facets": {},
            # What those that ask nothing do.
            "acts": {},
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        model: TurnModel | None = None,
        claims: ClaimModel | None = None,
        subjects: SubjectModel | None = None,
        matters: MatterModel | None = None,
    ) -> None:
        """Keep the turn model; without one, the rules answer everything."""
        super().__init__(config, model_storage, resource, execution_context)
        self._model = model
        self._claims = claims
        self._subjects = subjects
        self._matters = matters
        self._latest: tuple[Heard, Memory, Reading] | None = None
        is_asked = model and self.config["meaning_counts"]
        self._encoder = TurnEncoder.of_this_process() if is_asked else None

    def train(self, *args: Any, **kwargs: Any) -> Resource:
        """Learn nothing: the turn model is learned beside the intents."""
        with self._model_storage.write_to(self._resource):
            return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DecisionPolicy:
        """Load the turn model of the component that the config names."""
        model = claims = subjects = matters = None
        if name := config["reads"]:
            with model_storage.read_from(Resource(name)) as folder:
                if (folder / TURNS).is_dir():
                    model = TurnModel.load(folder / TURNS)
                if (folder / CLAIMS).is_dir():
                    claims = ClaimModel.load(folder / CLAIMS)
                if (folder / SUBJECTS).is_file():
                    subjects = SubjectModel.load(folder / SUBJECTS)
                if (folder / MATTERS).is_dir():
                    matters = MatterModel.load(folder / MATTERS)
        learned = (model, claims, subjects, matters)
        return cls(config, model_storage, resource, execution_context, *learned)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Choose what answers a message that has just come; nothing otherwise."""
        chosen = self._default_predictions(domain)
        if _has_answered(tracker):
            chosen[domain.index_for_action(ACTION_LISTEN_NAME)] = 1.0
        decision = self.decide(tracker)
        if decision is None:
            return self._prediction(chosen)
        if decision.action:
            chosen[domain.index_for_action(decision.action)] = 1.0
        return self._prediction(chosen, events=self._events(tracker, decision))

    def decide(self, tracker: DialogueStateTracker) -> Decision | None:
        """Return the decision on the latest message; None if it has been answered."""
        if (heard := _heard(tracker)) is None:
            return None
        memory, knowledge = Memory.of_slot(tracker.get_slot(MEMORY)), current()
        reading = self.read(heard, memory)
        decision = _of_item(
            self._settled(heard, memory, reading, knowledge), heard, memory, knowledge
        )
        is_english = language_of_reply(heard, tracker.get_slot(LANGUAGE)) == ENGLISH
        if is_english and decision.action == CLAIM and not decision.titles:
            # No claim has a reason in English: the whole fact answers.
            asked = replace(decision.asks[0], polar=False)
            decision = replace(decision, asks=(asked,), action=FACET, truth="", claim="")
        lacks = self._lacks(heard, reading, decision, knowledge)
        topic = kind_of(next(iter(decision.asks[0].topics), ""))
        is_topic_clear = reading is not None and reading.topics.get(topic, -1.0) >= _CLEAR
        is_missing = bool(reading and reading.missing >= self.config["missing_share"])
        # "Är det samma sak som meröppet?" is no question of what the page sets apart.
        is_doubtful = decision.truth == "yes" or says(heard.text, "alike")
        if lacks and decision.claim and is_doubtful:
            decision = replace(decision, truth=UNSAID, claim="")
        if lacks and decision.action is None and heard.intent in self.config["social"]:
            decision = replace(decision, action=SAY, phrase=f"utter_{heard.intent}")
        return replace(
            decision,
            lacks=lacks,
            is_topic_clear=is_topic_clear,
            is_missing=is_missing,
            is_told=bool(
                reading and reading.pages.get(_TOLD, 0.0) >= self.config["surely_told_share"]
            ),
            is_easy=wants_easy(heard, decision, self.config["as_usual"]),
        )

    def _lacks(
        self, heard: Heard, reading: Reading | None, decision: Decision, knowledge: Knowledge
    ) -> tuple[tuple[int, int], ...]:
        """Return where a message names what the page tells nothing of, surely enough."""
        is_other = heard.is_other_language  # None of its words is one of the page's.
        if is_other or self._subjects is None or reading is None:
            return ()
        if is_fixed(heard.intent, self.config):
            return ()
        is_general = decision.action in (None, SAY) or _UNIT in decision.asks[0].topics
        is_yes = decision.truth == "yes" and bool(decision.claim)
        name = "subject_margin" if is_general else "sure_subject_margin"
        margin = self.config["yes_subject_margin" if is_yes else name]
        if (
            not is_general
            and not is_yes
            and reading.pages.get(_TOLD, 0.0) > self.config["told_share"]
        ):
            return ()
        people = [
            (e["start"], e["end"])
            for e in heard.entities
            if e["entity"] in _PEOPLE and "start" in e
        ]
        return tuple(
            (one.start, one.end)
            for one in self._subjects.subjects(heard.text, margin)
            if (words := heard.text[one.start : one.end]) in (heard.asked or heard.text)
            and not knowledge.mentions(words)
            and not any(one.start < end and start < one.end for start, end in people)
        )[:_MOST_LACKING]

    def _settled(
        self, heard: Heard, memory: Memory, reading: Reading | None, knowledge: Knowledge
    ) -> Decision:
        """Return what is asked, with the claim that settles it."""
        decision = Resolver(knowledge, self.config, heard, memory, reading).decide()
        # What was picked from a list is told, whatever it is nearest to.
        if reading is None or decision.titles or decision.claim:
            return decision
        if self._claims is None:
            is_told = decision.action == CLAIM and decision.is_told_otherwise
            by_intent = Resolver(knowledge, self.config, heard, memory, None)
            return by_intent.decide() if is_told else decision
        if decision.action == FACET:
            return self._of_detail(decision, heard, memory, knowledge)
        if decision.action != CLAIM:
            return decision
        asked = decision.asks[0].topics
        tellers = [knowledge.teller_of(topic) or topic for topic in asked]
        about = {*asked, *tellers}
        settled = self._claims.settled(heard.text, about, knowledge)
        if reading.pages:
            by_meaning = HeardClaims(reading.pages, reading.claims, knowledge)
            settled = self._claims.with_meaning(settled, heard.text, about, by_meaning)
        if not settled.is_sure:
            before = self._claims.settled(heard.text, memory.topics, knowledge)
            settled = before if before.sure >= _SURE_OF_BEFORE else settled
        if settled.claim == PAGE_LACKS and settled.is_sure:
            return _that_it_lacks(decision, memory, knowledge)
        if settled.claim and settled.is_sure:
            return replace(decision, truth=settled.truth, claim=settled.claim)
        if knowledge.topic_of_claim.get(settled.claim) in set(map(kind_of, asked)):
            # What is near says nothing of whether it is so, but what the page says of it.
            return replace(decision, truth=UNSAID, claim=settled.claim)
        truth = self._claims.likely(heard.text, asked)
        if truth != UNSAID and decision.is_told_otherwise:
            return Resolver(knowledge, self.config, heard, memory, None).decide()
        if decision.is_by_context and truth == UNSAID:
            # Nothing of what was told before is near to it: it is another matter.
            other = replace(decision.asks[0], topics=(_UNIT,))
            return replace(decision, asks=(other,), truth=UNSAID)
        return replace(decision, truth=truth)

    def _of_detail(
        self, decision: Decision, heard: Heard, memory: Memory, knowledge: Knowledge
    ) -> Decision:
        """Decide on what is asked once more of a fact, without a facet that is clear."""
        assert self._claims
        ask = decision.asks[0]
        topic = next(iter(ask.topics), "")
        is_open = ask.facet in _OPEN and topic in memory.topics and topic in knowledge.facts
        if is_open and (claim := self._claims.nearest(heard.text, topic, knowledge)):
            return replace(decision, action=CLAIM, truth=UNSAID, claim=claim)
        return decision

    def read_ahead(self, tracker: DialogueStateTracker) -> None:
        """Ask for what the decision will need, where others are answered while it is encoded."""
        if heard := _heard(tracker):
            self.read(heard, Memory.of_slot(tracker.get_slot(MEMORY)))

    def read(self, heard: Heard, memory: Memory) -> Reading | None:
        """Return what is heard; None of a button, of ids, or where nothing was learned."""
        if self._model is None or heard.is_chosen:
            return None
        masked = without_names(heard.text, [dict(e) for e in heard.entities if "start" in e])
        if _IN_IDS in masked and heard.length <= _A_COMMAND:
            return None
        reading = self._by_words(masked, heard, memory)
        is_other, margin = heard.is_other_language, self.config["clear_margin"]
        # Whose matter it is was learned of messages alone, and is asked of these.
        is_first = bool(reading.matters) and not memory.messages
        is_clear = reading.is_clear(margin) and not is_other
        is_clear = is_clear and (not is_first or max(reading.matters.values()) >= margin)
        if self._encoder is None or is_clear or is_fixed(heard.intent, self.config):
            return reading
        if not (shares := self._encoder.shares(masked, memory)):
            return reading
        if is_other:
            # It learned other languages as talk of the chat, English as talk with a bot too.
            talk = (CHAT,) if heard.language in NEAR else (CHAT, _BOT)
            shares = {**shares, "topic": _without(talk, shares["topic"])}
            return replace(reading.with_meaning(shares, 1.0), matters={})
        reading = reading.with_meaning(shares, self.config["meaning_counts"])
        if not is_first:
            return reading
        vector = self._encoder.vector(masked, memory)
        return replace(reading, matters=self._whose(masked, heard, vector))

    def _whose(self, masked: str, heard: Heard, vector: Values | None) -> dict[str, float]:
        """Return whose matter a message may be; nothing where that was not learned."""
        assert self._model
        if self._matters is None:
            return {}
        return self._matters.read(self._model.features, masked, heard.margins, vector)

    def _by_words(self, masked: str, heard: Heard, memory: Memory) -> Reading:
        """Return what words tell, which was worked out when the decision was prepared."""
        assert self._model
        if self._latest is None or self._latest[:2] != (heard, memory):
            context = {**of_conversation(memory), **of_message(heard.text, heard.entities)}
            reading = self._model.read(masked, context, heard.margins)
            reading = replace(reading, matters=self._whose(masked, heard, None))
            self._latest = heard, memory, reading
        return self._latest[2]

    @staticmethod
    def _events(tracker: DialogueStateTracker, decision: Decision) -> list[Event]:
        parsed = tracker.latest_message.parse_data if tracker.latest_message else {}
        asks = [replace(ask, beside=bool(parsed.get("is_part"))) for ask in decision.asks]
        memory = Memory.of_slot(tracker.get_slot(MEMORY)).after(asks)
        events: list[Event] = [
            SlotSet(MEMORY, memory.as_slot()),
            SlotSet(DECISION, decision.as_slot()),
        ]
        if decision.is_easy is not None:
            events.append(SlotSet(EASY, decision.is_easy or None))
        before, heard = tracker.get_slot(LANGUAGE), _heard(tracker)
        after = language_of_reply(heard, before) if heard else before
        return events if after == before else [*events, SlotSet(LANGUAGE, after)]


def wants_easy(heard: Heard, decision: Decision, as_usual: Container[str]) -> bool | None:
    """Tell whether a message wants easy words from now on, or no longer; None if neither."""
    if heard.is_chosen:
        return None
    if heard.intent in as_usual:
        return False
    is_hard = any(ask.act == _SIMPLER for ask in decision.asks)
    return True if is_hard or says(heard.text, "plainly") else None


def language_of_reply(heard: Heard, before: str | None) -> str | None:
    """Return in which language a message is answered: English, or None for Swedish.

    A button, or a message whose words do not tell, is answered as the one before.
    """
    if heard.is_chosen or (heard.language is None and heard.intent != FOREIGN):
        return before
    return None if heard.language in (SWEDISH, *NEAR) else ENGLISH


def _without(labels: Iterable[str], shares: Shares) -> Shares:
    """Return shares as if some labels were never heard."""
    none = dict.fromkeys(labels, 0.0)
    left = 1.0 - sum(shares.get(label, 0.0) for label in none)
    return {**{name: share / max(left, _LEAST) for name, share in shares.items()}, **none}


def _of_item(decision: Decision, heard: Heard, memory: Memory, knowledge: Knowledge) -> Decision:
    """Decide which one thing is meant of what the topic names together, if it is one."""
    ask, *others = decision.asks
    topic = next(iter(ask.topics), knowledge.unit.overview or "")
    named = knowledge.items_in(heard.text, topic)
    goes_on = ask.act != "ask" and ask.topics == memory.topics
    item = named[0] if len(named) == 1 else memory.item if goes_on and not named else None
    return replace(decision, asks=(replace(ask, item=item), *others)) if item else decision


def _that_it_lacks(decision: Decision, memory: Memory, knowledge: Knowledge) -> Decision:
    """Decide on "så det står inte?": whether the page left out what was asked before."""
    topic, facet = next(iter(memory.topics), ""), str(memory.facet)
    aspects = knowledge.topics.get(kind_of(topic))
    if aspects and aspects.left_out(facet) and not aspects.told(facet):
        asked = replace(decision.asks[0], topics=memory.topics, facet=facet)
        return replace(decision, asks=(asked,), truth="yes", claim=PAGE_LACKS)
    return replace(decision, truth=UNSAID)


def _heard(tracker: DialogueStateTracker) -> Heard | None:
    """Return the latest message; None if it has been answered."""
    message = tracker.latest_message
    if tracker.latest_action_name != ACTION_LISTEN_NAME or message is None or not message.text:
        return None
    parsed = message.parse_data
    margin = float(parsed.get(MARGIN) or 0.0) if MARGINS in parsed else None
    told = tracker.get_slot(SAID) or ()
    heard = Heard.of(
        message.text, parsed, margin, parsed.get(MARGINS) or (), _offered(tracker), told
    )
    is_unknown = heard.language in NEAR and heard.intent in (*_UNLIKE, FOREIGN)
    is_unknown |= heard.language == ENGLISH and heard.intent in _UNLIKE and heard.margin < 0
    return replace(heard, intent=ASK_BACK, margin=_UNSURE) if is_unknown else heard


def _offered(tracker: DialogueStateTracker) -> list[str]:
    """Return the payloads of the buttons under the last answer."""
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            buttons = (event.data or {}).get("buttons") or []
            return [str(button["payload"]) for button in buttons]
    return []


def _has_answered(tracker: DialogueStateTracker) -> bool:
    """Tell whether the action that was chosen has run."""
    decision = tracker.get_slot(DECISION)
    return bool(decision) and tracker.latest_action_name == decision["action"]
