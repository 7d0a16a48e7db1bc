"""Decide, once for each message, what it asks and which action answers it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.claim_model import UNSAID, ClaimModel
from bot.dialogue.context import of_conversation, of_message
from bot.dialogue.memory import DECISION, MEMORY, Memory
from bot.dialogue.resolver import CLAIM, Decision, Heard, Resolver, nearest
from bot.dialogue.turn_model import Reading, TurnModel
from bot.dialogue.turn_reader import CLAIMS, MARGIN, MARGINS, TURNS
from bot.facts import current
from bot.nlu.judge import without_names

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
            # From which margin on yes or no is asked for.
            "polar_margin": 0.0,
            # From which margin on an intent is sure of its topic.
            "sure_margin": 0.0,
            # The same where the turn seems to ask something new.
            "new_margin": 0.0,
            # Below which margin it is unclear what is asked of the topic.
            "facet_margin": -0.7,
            # From which margin on it is clear what a first message asks of a fact.
            "first_facet_margin": 0.0,
            # From which margin on a topic is clear that the intents do not know.
            "topic_margin": -0.2,
            # The same of a first message that the intents take for something else.
            "outside_margin": 0.2,
            # Intents that nothing overrules.
            "fixed": [],
            # Intents about people, whose actions know whom "hon" stands for.
            "people": [],
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
    ) -> None:
        """Keep the turn model; without one, the rules answer everything."""
        super().__init__(config, model_storage, resource, execution_context)
        self._model = model
        self._claims = claims

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
        model = claims = None
        if name := config["reads"]:
            with model_storage.read_from(Resource(name)) as folder:
                if (folder / TURNS).is_dir():
                    model = TurnModel.load(folder / TURNS)
                if (folder / CLAIMS).is_dir():
                    claims = ClaimModel.load(folder / CLAIMS)
        return cls(config, model_storage, resource, execution_context, model, claims)

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
        """Return the decision on the latest message; None if it has been answered or passed on."""
        message = tracker.latest_message
        if self._model is None:
            return None
        if tracker.latest_action_name != ACTION_LISTEN_NAME or message is None or not message.text:
            return None
        parsed = message.parse_data
        if parsed.get("trail") and MARGINS in parsed:
            return None  # Passed on by an action, as it stands.
        if tracker.get_slot("question") in self.config["fixed"]:
            return None
        memory = Memory.of_slot(tracker.get_slot(MEMORY))
        heard = Heard(
            text=message.text,
            intent=str(parsed.get("intent", {}).get("name")),
            margin=float(parsed.get(MARGIN) or 0.0),
            is_chosen=MARGINS not in parsed,
            is_part=bool(parsed.get("is_part") or parsed.get("further")),
            has_list=bool(tracker.get_slot("listed"))
            or len(tracker.get_slot("mentioned") or ()) > 1,
            entities=message.entities,
        )
        knowledge, reading = current(), self._read(heard, memory, parsed)
        decision = Resolver(knowledge, self.config).decide(heard, memory, reading)
        if decision.action != CLAIM or self._claims is None or reading is None:
            return decision
        topics = {*decision.asks[0].topics, *memory.topics, *nearest(reading.topics)}
        truth, claim = self._claims.truth_of(heard.text, topics, knowledge)
        if not claim:
            truth = self._claims.likely(heard.text, decision.asks[0].topics)
            if truth != UNSAID and decision.is_told_otherwise:
                return replace(decision, action=None)
        return replace(decision, truth=truth, claim=claim)

    def _read(self, heard: Heard, memory: Memory, parsed: Any) -> Reading | None:
        if self._model is None or heard.is_chosen:
            return None
        masked = without_names(heard.text, [e for e in heard.entities if "start" in e])
        context = {**of_conversation(memory), **of_message(heard.text, heard.entities)}
        return self._model.read(masked, context, parsed[MARGINS])

    @staticmethod
    def _events(tracker: DialogueStateTracker, decision: Decision) -> list[Event]:
        memory = Memory.of_slot(tracker.get_slot(MEMORY)).after(decision.asks)
        asked = {
            "action": decision.action,
            "asks": [ask.as_slot() for ask in decision.asks],
            "truth": decision.truth,
            "claim": decision.claim,
        }
        return [
            SlotSet(MEMORY, memory.as_slot()),
            SlotSet(DECISION, asked if decision.action else None),
        ]


def _has_answered(tracker: DialogueStateTracker) -> bool:
    """Tell whether the action that was chosen has run."""
    decision = tracker.get_slot(DECISION)
    return bool(decision) and tracker.latest_action_name == decision["action"]
