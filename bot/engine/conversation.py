"""One conversation: what its next turn needs, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

# Payloads of earlier buttons that may still be chosen.
_OFFERED: Final = 200
# Questions whose answers may still get a thumb down.
_ASKED: Final = 10


class Conversation(DialogueStateTracker):
    """A tracker of one turn, with what is remembered of the turns before it.

    Attributes:
        offered: payloads of the buttons so far, those offered last at the end.
        given: the ids of its answers, each with the id of the message that it was given to last.
        votes: what the visitor thought of answers, by a key of each.
        question: what the visitor writes in this turn.
        asked: the latest questions by the ids of their answers, if questions are collected.
        answer: to what message the turn answers, so that it is answered once.
        latest: when the conversation that this goes on with was written; None if it is new.
        steps: how many actions the turn has taken.
        said: a digest of the reply before, so that none is given twice in a row.

    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin with nothing offered."""
        super().__init__(*args, **kwargs)
        self.offered: list[str] = []
        self.given: dict[str, str] = {}
        self.votes: dict[str, str] = {}
        self.asked: dict[str, str] = {}
        self.question = ""
        self.answer: Answer | None = None
        self.latest: float | None = None
        self.steps = 0
        self.said = ""

    def init_copy(self) -> DialogueStateTracker:
        """Return an ordinary tracker with the same slots, as Rasa copies it at each action."""
        return DialogueStateTracker(self.sender_id, self.slots.values())

    def remember(self, state: dict[str, Any]) -> None:
        """Take up a conversation where `state` left it."""
        self.offered = list(state["offered"])
        self.given = dict(state.get("given", {}))
        self.votes = dict(state.get("votes", {}))
        self.asked = dict(state.get("asked", {}))
        self.said = str(state.get("said", ""))
        self.update(ActionExecuted(ACTION_SESSION_START_NAME))
        self.update(SessionStarted())
        for name, value in state["slots"].items():
            if name in self.slots:
                self.update(SlotSet(name, value))
        if state["buttons"]:
            self.update(BotUttered(data={"buttons": state["buttons"]}))
        self.update(ActionExecuted(ACTION_LISTEN_NAME))

    def state(self) -> dict[str, Any]:
        """Return what the next turn needs: plain values that JSON can hold."""
        buttons = [_buttons(event) for event in self.events if isinstance(event, BotUttered)]
        payloads = [button["payload"] for some in buttons for button in some]
        latest_first = dict.fromkeys(reversed([*self.offered, *payloads]))
        return {
            "slots": {s.name: s.value for s in self.slots.values() if s.value != s.initial_value},
            "buttons": buttons[-1] if buttons else [],
            "offered": list(latest_first)[:_OFFERED][::-1],
            "given": self.given,
            "votes": self.votes,
            "said": self.said,
            **({"asked": self.asked} if self.asked else {}),
        }

    def remember_answers(self, answers: Iterable[str]) -> None:
        """Keep what was answered in this turn: a thumb may come for it."""
        message_id = self.answer.message_id if self.answer else ""
        self.given |= dict.fromkeys(answers, message_id)

    def remember_question(self, answers: Iterable[str]) -> None:
        """Keep the turn's question as long as a thumb may come for one of its answers."""
        for answer in answers:
            self.asked.pop(answer, None)  # The latest last.
            self.asked[answer] = self.question
        self.asked = dict(list(self.asked.items())[-_ASKED:])


@dataclass
class Answer:
    """What was said to one message: its id, a digest of its text, and the items."""

    message_id: str
    digest: str
    items: list[dict[str, Any]]


def _buttons(said: BotUttered) -> list[dict[str, str]]:
    return said.data.get("buttons") or []
