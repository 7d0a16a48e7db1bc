"""Process one message of one conversation."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import time
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from rasa.core.actions.action import Action, RemoteAction, action_for_index
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelMetadata
from rasa.exceptions import ActionLimitReached
from rasa.shared.core.domain import USED_ENTITIES_KEY
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk.executor import ActionExecutor

from bot import metrics
from bot.channel import Reply
from bot.dialogue.memory import DECISION
from bot.dialogue.policy import DecisionPolicy
from bot.engine.actions import InProcessAction
from bot.engine.conversations import Answer, Conversation
from bot.engine.model_file import ModelFile
from bot.engine.one_reply import as_one_reply
from bot.engine.runner import StraightRunner
from bot.errors import EndlessTurnError
from bot.facts import current
from bot.language.cleaning import clean
from bot.language.languages import ENGLISH, LANGUAGE, SWEDISH
from bot.nlu.encoder import RememberingEncoder, Vectors, Wanted, collecting
from bot.quarantine import Watch
from bot.turns import ACTING, SAVING, UNDERSTANDING

_log = logging.getLogger(__name__)

# No rule looks at these while no slot influences the conversation.
_SILENT: Final = (SlotSet, BotUttered)
# What happened in a conversation, as far as rules look at it.
_Step = tuple[str, str | None, frozenset[str]]
_Course = tuple[_Step, ...]

# Rasa strips a text before it looks for the slash, so one may hide behind another.
_PREFIXES: Final = re.compile(r"^[\s/]+")
# What stands around a title where it is typed.
_AROUND: Final = " .!?"

_MOST_REMEMBERED: Final = 10_000
# Of one message, the listening after each answer included: six questions of a few steps each.
MOST_STEPS: Final = 60
# What a reply begins with, or is, that would be the one just given; who asks for that gets it.
_SAME_AGAIN: Final = "utter_same_again"
_SAME_LONG_AGAIN: Final = "utter_same_long_again"
# In characters: a list of ten people, a fact of several sentences.
_LONG: Final = 300
_REPEATED: Final = "repeat"
# Whoever is in danger or distress gets the way to help as often as it takes.
_HELPING: Final = ("emergency", "unwell", "worried", "care")
_DIGITS: Final = 16
# In word pieces, each of which takes the encoder about a millisecond: of one message, and of all
# that wait for it.
_MOST_ENCODED: Final = 120
# The same of one decision, for what is asked before as well as the message; 19 of 20 take 38.
_MOST_OF_A_TURN: Final = 50
_MOST_BEING_ENCODED: Final = 160


class VisitorMessage(UserMessage):
    """A message, and what becomes of it.

    Attributes:
        answer: what is said to it, to be kept with the conversation; None if it has no id.
        parsed: what it was taken for, when it has been handled.

    """

    answer: Answer | None = None
    parsed: dict[str, Any] | None = None


class Processor(MessageProcessor):
    """Rasa's processor, with actions in process and payloads only from offered buttons.

    What rules predict follows from the intents and actions so far, and is worked out once.
    """

    def __init__(
        self,
        *args: Any,
        version: str,
        executor: ActionExecutor,
        keeps_questions: bool,
        watch: Watch,
        **kwargs: Any,
    ) -> None:
        """Take what the model is known by, and the executor that knows the actions.

        With `keeps_questions`, a conversation holds its latest questions for a thumb down.
        `watch` notes what the encoder is at work on.
        """
        super().__init__(*args, **kwargs)
        self.version = version
        self._executor = executor
        self._keeps_questions = keeps_questions
        self._watch = watch
        # One thread: the encoder is not made for several.
        self._encoding = ThreadPoolExecutor(1, "encoding")
        self._being_encoded = 0
        # What the decision on the latest message has to do without.
        self._left_out: Wanted = []
        self._action = lru_cache(maxsize=None)(self._made_action)
        self._predictions: dict[_Course, PolicyPrediction] = {}
        self._decider = self.component(DecisionPolicy)
        slots = self.domain.slots
        self._only_events_count = not self.domain.forms and not any(
            slot.influence_conversation for slot in slots
        )
        self._entities_that_count = {
            entity
            for properties in self.domain.intent_properties.values()
            for entity in properties[USED_ENTITIES_KEY]
        }
        self._actions_fill_slots = all(
            mapping == {"type": "custom"} for slot in slots for mapping in slot.mappings
        )

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        with TemporaryDirectory() as unpacked:
            metadata, runner = load_predict_graph_runner(
                Path(unpacked), Path(model_path), ModelFile, StraightRunner
            )
        return Path(model_path).name, metadata, runner

    def component[Kind](self, kind: type[Kind]) -> Kind:
        """Return the model's component of a class."""
        assert isinstance(self.graph_runner, StraightRunner)
        return self.graph_runner.component(kind)

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """Predict as Rasa does, but make each action once; a custom one runs in this process.

        Raises:
            EndlessTurnError: the message has taken more actions than any should. Rasa's own limit
                begins anew whenever an action passes a message on.

        """
        if isinstance(tracker, Conversation):
            tracker.steps += 1
            if tracker.steps > MOST_STEPS:
                raise EndlessTurnError(f"A message took more than {MOST_STEPS} actions.")
        goes_on = self.should_predict_another_action(tracker.latest_action_name)
        if self.is_action_limit_reached(tracker, goes_on):
            raise ActionLimitReached("The limit of actions to predict has been reached.")
        prediction = self._predict_next_with_tracker(tracker)
        return self._action(prediction.max_confidence_index), prediction

    def _made_action(self, index: int) -> Action:
        action = action_for_index(index, self.domain, self.action_endpoint)
        if type(action) is RemoteAction:
            return InProcessAction(action.name(), self._executor)
        return action

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """Return what a message asks; other visitors are answered while it is encoded."""
        work = self._parse(message, tracker, only_output_properties)
        return await self._timed(UNDERSTANDING, work)

    async def _parse(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None,
        only_output_properties: bool,
    ) -> dict[str, Any]:
        left_out: Wanted = []
        left = _MOST_ENCODED
        while True:
            with collecting() as wanted:
                parsed: dict[str, Any] = await super().parse_message(
                    message, tracker, only_output_properties
                )
            if not wanted:
                if isinstance(message, VisitorMessage):
                    message.parsed = parsed
                _forget(left_out)
                return parsed
            left = await self._encode(wanted, left, left_out)

    async def _read_ahead(self, tracker: DialogueStateTracker) -> None:
        """Encode what the next decision needs; other visitors are answered meanwhile."""
        with collecting() as wanted:
            self._decider.read_ahead(tracker)
        message = tracker.latest_message
        language = message.parse_data.get(LANGUAGE) if message else None
        # Of another language words tell nothing.
        most = _MOST_OF_A_TURN if language in (None, SWEDISH) else _MOST_ENCODED
        await self._encode(wanted, most, self._left_out)

    async def _encode(self, wanted: Wanted, left: int, left_out: Wanted) -> int:
        """Encode texts while word pieces are left, and return how many are left then.

        A text for which there is no vector is remembered as such, and added to those left out.
        """
        for encoder, text in dict.fromkeys(wanted):
            pieces = encoder.pieces(text)
            vector = await self._encoded(encoder, text, pieces) if pieces <= left else None
            left -= pieces if vector is not None else 0
            encoder.remember(text, vector)
            if vector is None:
                left_out.append((encoder, text))
        return left

    async def _encoded(self, encoder: RememberingEncoder, text: str, pieces: int) -> Vectors | None:
        """Return the vector of a text; None where it failed or would be waited for too long."""
        if self._being_encoded + pieces > _MOST_BEING_ENCODED:
            _log.info("The encoder has too much to do; words and characters decide alone.")
            return None
        self._being_encoded += pieces
        loop = asyncio.get_running_loop()
        try:
            work_out = self._watch.encoding(encoder.work_out)
            return await loop.run_in_executor(self._encoding, work_out, text)
        except Exception:
            _log.exception("The encoder failed; words and characters decide alone.")
            return None
        finally:
            self._being_encoded -= pieces

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        if tracker.followup_action or not self._only_events_count:
            return super()._predict_next_with_tracker(tracker)
        decided = self._decider.predict_action_probabilities(tracker, self.domain)
        if decided.max_confidence > 0.0:
            return decided
        ruled = self._ruled(tracker)
        ruled.events = [*decided.events, *ruled.events]
        return ruled

    def _ruled(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        """Return what rules predict, which only follows from intents and actions so far."""
        course = tuple(
            self._step(event) for event in tracker.events if not isinstance(event, _SILENT)
        )
        if course not in self._predictions:
            if len(self._predictions) >= _MOST_REMEMBERED:
                self._predictions.clear()
            self._predictions[course] = super()._predict_next_with_tracker(tracker)
        prediction = copy(self._predictions[course])
        # What was decided on the message of that time is none of this one's.
        prediction.events = [
            copy(event) for event in prediction.events if not isinstance(event, SlotSet)
        ]
        return prediction

    def _step(self, event: Event) -> _Step:
        if isinstance(event, UserUttered):
            entities = {str(entity["entity"]) for entity in event.entities}
            counting = frozenset(entities & self._entities_that_count)
            return event.type_name, event.intent_name, counting
        name = event.action_name if isinstance(event, ActionExecuted) else None
        return event.type_name, name, frozenset()

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Run an action as Rasa does, except that whoever waits is told when it fails.

        Rasa runs it on a copy, since an action may refuse to run and the conversation go on;
        here the turn ends with the failure, and nothing of it is kept.
        """
        _forget(self._left_out)
        self._left_out.clear()
        tracker.update_with_events(prediction.events, self.domain)
        events = await action.run(output_channel, nlg, tracker, self.domain)
        tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)
        if any(isinstance(event, UserUttered) for event in events):
            tracker = await self.run_action_extract_slots(output_channel, tracker)
            await self._read_ahead(tracker)
        await self.execute_side_effects(events, tracker, output_channel)
        goes_on: bool = self.should_predict_another_action(action.name())
        return goes_on

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Fill slots from the message, if any slot is filled so."""
        if self._actions_fill_slots:
            return tracker
        return await super().run_action_extract_slots(output_channel, tracker)

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Leave out what `make check` does once; Rasa builds an empty domain for it."""

    async def _handle_message_with_tracker(
        self, message: UserMessage, tracker: DialogueStateTracker
    ) -> None:
        is_payload = bool(message.text) and message.text.lstrip().startswith("/")
        if is_payload and not _was_offered(message.text, tracker):
            # Rasa would obey "/restart". Nobody offered it, so it is only text.
            message.text = _PREFIXES.sub("", message.text) or "?"
        elif message.text and (payload := _typed_button(message.text, tracker)):
            message.text = payload
        await super()._handle_message_with_tracker(message, tracker)
        if isinstance(tracker, Conversation) and isinstance(message, VisitorMessage):
            tracker.answer = message.answer
            tracker.question = message.text

    async def _run_prediction_loop(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> None:
        await self._timed(ACTING, self._decide_and_act(output_channel, tracker))
        if isinstance(tracker, Conversation):
            self._admit_repetition(output_channel, tracker)
            tracker.remember_answers(_answers(output_channel))
            if self._keeps_questions:
                tracker.remember_question(_answers(output_channel))

    async def _decide_and_act(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> None:
        await self._read_ahead(tracker)
        await super()._run_prediction_loop(output_channel, tracker)

    def _admit_repetition(self, reply: OutputChannel, conversation: Conversation) -> None:
        """Say so instead of giving the reply that was just given, unless it was asked for."""
        items = reply.items if isinstance(reply, Reply) else []
        items[:] = as_one_reply(items)
        texts = "\n".join(item["text"] for item in items)
        said = hashlib.sha256(texts.encode()).hexdigest()[:_DIGITS]
        is_same = bool(items) and said == conversation.said
        if is_same and not _may_be_given_again(reply, conversation):
            if len(texts) > _LONG:
                items[:] = [{**items[-1], "text": self._phrase(_SAME_LONG_AGAIN, items[-1])}]
                items[0].get("custom", {}).pop("contacts", None)
            else:
                items[0]["text"] = f"{self._phrase(_SAME_AGAIN, items[0])}\n{items[0]['text']}"
            said = ""
        conversation.said = said

    def _phrase(self, name: str, item: dict[str, Any]) -> str:
        """Return the text of a phrase in the language of an item, if there is one."""
        english = f"{name}_english"
        is_english = item.get("custom", {}).get("lang") == ENGLISH
        said = english if is_english and english in self.domain.responses else name
        return str(self.domain.responses[said][0]["text"])

    async def save_tracker(self, tracker: DialogueStateTracker) -> None:
        """Save the turn."""
        await self._timed(SAVING, super().save_tracker(tracker))

    async def _timed[Result](self, step: str, work: Awaitable[Result]) -> Result:
        began = time.perf_counter()
        try:
            return await work
        finally:
            self.note(step, time.perf_counter() - began)

    def note(self, step: str, seconds: float) -> None:
        """Keep how long a step took."""
        metrics.time_step(step, seconds)


def _forget(left_out: Wanted) -> None:
    """Let texts be asked again that failed now, or had to wait too long."""
    for encoder, text in left_out:
        encoder.forget(text)


def _may_be_given_again(reply: OutputChannel, conversation: Conversation) -> bool:
    """Tell whether a reply shows the way to help, or was asked for once more."""
    decision = conversation.get_slot(DECISION) or {}
    acts = {ask.get("act") for ask in decision.get("asks", ())}
    message = conversation.latest_message
    intents = {str(message.intent_name) if message else "", *_answers(reply)}
    return _REPEATED in acts | intents or any(name.startswith(_HELPING) for name in intents)


def _answers(reply: OutputChannel) -> list[str]:
    """Return the ids of the answers of a reply."""
    items = reply.items if isinstance(reply, Reply) else []
    return [item["custom"]["id"] for item in items if "id" in item.get("custom", {})]


def _typed_button(text: str, tracker: DialogueStateTracker) -> str | None:
    """Return the payload of the button whose title was typed; None if the text is no such title.

    The buttons of the last reply can be typed, and at any time the question of a fact or a role:
    it asks for the same whatever was told before.
    """
    known = current()
    titles = {_bare(known.questions[intent]): f"/{intent}" for intent in known.intents}
    offered = [event for event in tracker.events if isinstance(event, BotUttered)][-1:]
    for event in offered:
        for button in event.data.get("buttons") or []:
            titles[_bare(button["title"])] = button["payload"]
    return titles.get(_bare(clean(text)))


def _bare(title: str) -> str:
    """Return a title without what may differ where it is typed: capitals, marks around it."""
    return title.casefold().strip(_AROUND)


def _was_offered(payload: str, tracker: DialogueStateTracker) -> bool:
    return isinstance(tracker, Conversation) and payload in tracker.offered
