"""The agent: a model, the conversations, and the order of each visitor's messages."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import math
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain
from rasa_sdk.executor import ActionExecutor

from bot import metrics
from bot.channel import Reply, Vote, readable
from bot.database import Database, SqliteDatabase, StaleError
from bot.engine.conversations import SCHEMA, Answer, ConversationStore
from bot.engine.locks import LocalTurns, Turns
from bot.engine.processor import Processor, VisitorMessage
from bot.errors import BotError, KnowledgeError, ModelError, StoreError, log_failure
from bot.facts import one_turn, store
from bot.knowledge import load_folder
from bot.knowledge.store import version_of
from bot.masking import MASK
from bot.nlu.judge import ASK_BACK, NONSENSE, OUTSIDE
from bot.publishing import Publication, Publisher
from bot.quarantine import Quarantine, Watch, digest
from bot.question_store import NOT_UNDERSTOOD, THUMB_DOWN, QuestionStore

_log = logging.getLogger(__name__)

_PERSONAL_DATA: Final = "utter_personal_data"
_REFUSED: Final = "utter_refused"
# Of a turn whose conversation another process changes meanwhile, which its lock makes rare.
_ATTEMPTS: Final = 5
_OUTCOMES: Final = {
    ASK_BACK: metrics.ASKED_BACK,
    OUTSIDE: metrics.NOT_UNDERSTOOD,
    NONSENSE: metrics.NOT_UNDERSTOOD,
}
_IN_VAIN: Final = tuple(_OUTCOMES)


class BotAgent(Agent):
    """Rasa's agent, which answers messages of one conversation one at a time."""

    processor_kind: type[Processor] = Processor

    def __init__(
        self,
        tracker_store: ConversationStore,
        questions: QuestionStore | None = None,
        turns: Turns | None = None,
        publisher: Publisher | None = None,
        watch: Watch | None = None,
    ) -> None:
        """Find the actions. Load a model with `load_model` before the first message.

        Args:
            tracker_store: holds the conversations.
            questions: keeps what is asked in vain, if there is such a store.
            turns: the order of each visitor's messages; that of this process if nothing is said.
            publisher: what all hosts are to serve, if it is handed out.
            watch: notes which message is worked on, if somebody looks after this process.

        """
        super().__init__(domain=Domain.empty(), tracker_store=tracker_store)
        self.conversations = tracker_store
        self._questions = questions
        self._collects = questions is not None and questions.collects
        self._executor = ActionExecutor()
        self._executor.register_package("actions")
        self._rubbish = False
        self._turns = turns or LocalTurns()
        self._publisher = publisher
        self._watch = watch or Watch(Quarantine())
        self._publication: int | None = None

    @staticmethod
    def _create_tracker_store(store: ConversationStore, domain: Domain) -> ConversationStore:
        # Rasa's wrapper would go on in memory, without a word, when the database fails.
        store.domain = domain
        return store

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a trained model.

        Raises:
            ModelError: the file is not a model that can be loaded.

        """
        path = Path(model_path)
        self._file = path, _state(path)
        self._use(self._loaded(path))

    async def take_up_new_model(self) -> None:
        """Load the model anew if the file has changed; messages under way keep the old one.

        A file that cannot be loaded is logged once, and the old model stays.
        """
        path, before = self._file
        if (now := _state(path)) in (before, None):
            if self._rubbish:
                # The parts of a model, 70 MB, refer to each other, and Python may keep them
                # for hours. By now nobody uses them: this is called every few seconds.
                # What was loaded at the start is not looked at (bot/cli.py) unless it is asked for.
                gc.unfreeze()
                gc.collect()
                self._rubbish = False
            return
        self._file = path, now
        try:
            processor = await asyncio.to_thread(self._loaded, path)
        except ModelError as error:
            _log.error("%s Den förra modellen används fortfarande.", error)
        else:
            self._use(processor)
            _log.info("En ny modell används: %s", path)
        self._rubbish = True

    async def take_up_publication(self) -> None:
        """Go on with the facts and the model that were published last.

        Turns under way keep those that they began with. Facts or a model that cannot be
        used are logged once, and what was served before stays, both of it.
        """
        latest = await self._publisher.latest() if self._publisher else None
        if not latest or latest.number == self._publication:
            return
        self._publication = latest.number
        try:
            await asyncio.to_thread(load_folder, latest.knowledge)
            processor = await asyncio.to_thread(self._loaded, latest.model)
        except (KnowledgeError, ModelError) as error:
            _log.error("%s\nDet som gällde förut gäller fortfarande.", error)
            return
        self.serve(latest, processor)
        _log.info("Publicering %s används.", latest.number)

    def serve(self, publication: Publication, processor: Processor | None = None) -> None:
        """Serve a publication, its model loaded already or now.

        Raises:
            ModelError: its model cannot be loaded.

        """
        self._publication = publication.number
        self._use(processor or self._loaded(publication.model))
        self._file = publication.model, _state(publication.model)
        self._rubbish = True
        store().serve(publication.knowledge)

    def _loaded(self, path: Path) -> Processor:
        try:
            return self.processor_kind(
                version=version_of(path.read_bytes()),
                model_path=path,
                tracker_store=self.tracker_store,
                lock_store=self.lock_store,
                generator=self.nlg,
                executor=self._executor,
                keeps_questions=self._collects,
                watch=self._watch,
            )
        except Exception as error:
            raise ModelError(
                f"Modellen {path} går inte att ladda: {error}. Träna en ny med make train."
            ) from error

    def _use(self, processor: Processor) -> None:
        self.processor = processor
        self.domain = processor.domain
        metrics.expect_intents(self.domain.intents)
        self._set_fingerprint(None)
        self.tracker_store.domain = self.domain
        self.nlg.responses = self.domain.responses

    async def answer(
        self, sender: str, text: str, message_id: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the items of the reply; those of before to a message that comes again.

        The text is cleaned, personal data in it masked, and the visitor told so, before
        anything else.
        A visitor's messages are answered one at a time. Rasa's own lock store looks once a
        second whether it is a message's turn; this does not wait.

        Raises:
            AnotherMessageError: the id belongs to a message with another text.

        """
        message = digest(sender, text)
        if self._watch.refuses(message):
            return [self._refusal(sender)]
        sent = digest(sender, message_id) if message_id else b""
        return await self._watch.over(message, self._answer_in_turn(sender, text, message_id), sent)

    def _refusal(self, sender: str) -> dict[str, Any]:
        error_id = log_failure(BotError("This message has ended a process before."))
        said = self.domain.responses[_REFUSED][0]["text"]
        return {"recipient_id": sender, "text": said, "custom": {"error_id": error_id}}

    async def _answer_in_turn(
        self, sender: str, text: str, message_id: str | None
    ) -> list[dict[str, Any]]:
        began = time.perf_counter()
        async with one_turn():
            # The model of the moment, as the facts: a publication changes both or none.
            processor = self.processor
            assert processor, "no model has been loaded"
            items = await self._in_order(
                sender, lambda: self._answer(processor, sender, text, message_id)
            )
        metrics.time_step(metrics.WHOLE, time.perf_counter() - began)
        return items

    async def _answer(
        self, processor: Processor, sender: str, text: str, message_id: str | None
    ) -> list[dict[str, Any]]:
        reply = Reply()
        kept = readable(text)
        message = VisitorMessage(kept, reply, sender, input_channel=reply.name())
        if message_id:
            known_by = digest(sender, kept).hex()
            if answered := await self.conversations.find_answer(sender, message_id):
                if answered.digest != known_by:
                    raise AnotherMessageError(message_id)
                return answered.items
            message.answer = Answer(message_id, known_by, reply.items)
        if kept.count(MASK) > text.count(MASK):
            phrase = self.domain.responses[_PERSONAL_DATA][0]
            await reply.send_response(sender, {"text": phrase["text"]})
        await processor.handle_message(message)
        parsed = message.parsed or {}
        intent = str(parsed.get("intent", {}).get("name"))
        told = {str(item.get("custom", {}).get("id") or intent) for item in reply.items}
        # Whatever the words were nearest to: what counts is the reply.
        in_vain = bool(told) and told <= {*_IN_VAIN}
        metrics.count_message(intent, _OUTCOMES[min(told)] if in_vain else metrics.ANSWERED)
        if in_vain:
            ranking = [entry["name"] for entry in parsed["intent_ranking"]]
            nearest = [name for name in ranking if name not in _IN_VAIN]
            await self._keep(kept, NOT_UNDERSTOOD, nearest)
        return reply.items

    async def _keep(self, text: str, reason: str, nearest: list[str]) -> None:
        """Keep a question that was asked in vain, if questions are kept."""
        if self._questions and self._collects:
            try:
                await self._questions.add(text, reason, nearest)
            except StoreError as error:  # The visitor has an answer all the same.
                _log.error("A question could not be kept: %s", error)

    async def tell_figures(self) -> None:
        """Say what is served, and how many conversations there are."""
        assert self.processor
        await asyncio.to_thread(store().get)  # Else it is read at the next message.
        metrics.tell_serving(self.processor.version, store().version)
        await self.check()
        metrics.tell_conversations(await self.conversations.count())

    async def check(self) -> None:
        """See whether conversations can be read and written, and say so in the figures.

        Raises:
            StoreError: they cannot.

        """
        try:
            await self.conversations.check()
        except StoreError:
            metrics.tell_database(False)
            raise
        metrics.tell_database(True)

    async def forget_old_questions(self) -> None:
        """Forget the questions that have been kept long enough."""
        if self._questions:
            await self._questions.expire()

    async def vote(self, vote: Vote) -> bool:
        """Count a visitor's vote; return whether the answer was given in the conversation."""
        return await self._in_order(vote.sender, lambda: self._vote(vote))

    async def _vote(self, vote: Vote) -> bool:
        conversation = await self.conversations.find(vote.sender)
        if not conversation:
            return False
        key = await self.conversations.key_of(conversation, vote.answer, vote.message_id)
        if not key:
            return False
        is_new = conversation.votes.get(key) != vote.vote
        await self.conversations.vote(conversation, key, vote.answer, vote.vote)
        if is_new and vote.vote == "down" and (text := conversation.asked.get(vote.answer)):
            await self._keep(text, THUMB_DOWN, [vote.answer])
        return True

    async def delete(self, sender: str) -> None:
        """Delete a visitor's conversation, after the message that is being answered."""
        await self._in_order(sender, lambda: self.conversations.delete(sender))

    async def _in_order[Result](self, sender: str, work: Callable[[], Awaitable[Result]]) -> Result:
        """Do a visitor's work when what came before is done, anew if it was overtaken."""
        began = time.perf_counter()
        async with self._turns.of(sender):
            metrics.time_step(metrics.WAITING, time.perf_counter() - began)
            for _ in range(_ATTEMPTS - 1):
                with contextlib.suppress(StaleError):
                    return await work()
            return await work()


class AnotherMessageError(Exception):
    """A message has the id of one that was answered before."""


def load_agent(
    model: Path,
    database: Database | None = None,
    silence_minutes: float = math.inf,
    questions: QuestionStore | None = None,
    turns: Turns | None = None,
    publisher: Publisher | None = None,
    publication: Publication | None = None,
    watch: Watch | None = None,
) -> BotAgent:
    """Return an agent with the model.

    Args:
        model: the trained file.
        database: for the conversations; None keeps them in memory.
        silence_minutes: after so long a silence, a conversation is deleted.
        questions: keeps what is asked in vain; None keeps nothing of it.
        turns: the order of each visitor's messages; that of this process if nothing is said.
        publisher: what all hosts are to serve, if it is handed out.
        publication: what was published last: it is served in place of the model.
        watch: notes which message is worked on, if somebody looks after this process.

    """
    database = database or SqliteDatabase(None, SCHEMA)
    agent = BotAgent(
        ConversationStore(Domain.empty(), database, silence_minutes),
        questions,
        turns,
        publisher,
        watch,
    )
    if publication:
        try:
            agent.serve(publication)
        except ModelError as error:
            _log.error("%s Den installerade modellen används.", error)
            agent.load_model(model)
    else:
        agent.load_model(model)
    return agent


def _state(path: Path) -> tuple[int, int, int] | None:
    """Return what tells one state of a file from another; None where there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
