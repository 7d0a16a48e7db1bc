"""What a conversation has been about: the last things told, as ids, never as text."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

# Slots: what was asked so far, and what the latest message asks.
MEMORY: Final = "memory"
DECISION: Final = "decision"
SAID: Final = "said"
# Whether the visitor wants easy words from now on.
EASY: Final = "easy"
PERSON: Final = "person:"
CHAT: Final = "chat"
# What is done over all that was told.
OVER_TOLD: Final = ("summarise", "compare", "count", "list")
# Somebody who is not among the staff.
NOBODY: Final = "nobody"
# The act of asking what was asked before, and which of it.
RECALL: Final = "recall"
FIRST, BEFORE, LATEST = "first", "before", "latest"
_ROLE: Final = "role_"
# As many as anybody points back to.
_REMEMBERED: Final = 8


@dataclass(frozen=True)
class Ask:
    """One thing that a message asks or does.

    Attributes:
        act: what the visitor does: ask, follow, confirm, repeat, thanks …
        topics: ids of facts, roles and people ("person:" before an id), in order.
        facet: what of the topics is asked; None where nothing is.
        polar: whether yes or no is asked for.
        role: the role that people are said to have.
        within: the topics whose list it was picked from.
        beside: whether the same message asked something else before it.
        item: the one thing of what the topic names together that is meant.

    """

    act: str
    topics: tuple[str, ...] = ()
    facet: str | None = None
    polar: bool = False
    role: str | None = None
    within: tuple[str, ...] = ()
    beside: bool = False
    item: str | None = None

    @property
    def people(self) -> tuple[str, ...]:
        """The ids of the people among the topics."""
        return tuple(one.removeprefix(PERSON) for one in self.topics if one.startswith(PERSON))

    def as_slot(self) -> dict[str, Any]:
        """Return plain values that a slot can hold."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def of_slot(cls, value: dict[str, Any]) -> Ask:
        """Return what `as_slot` wrote."""
        return cls(
            str(value.get("act", "ask")),
            tuple(map(str, value.get("topics", ()))),
            value.get("facet"),
            bool(value.get("polar")),
            value.get("role"),
            tuple(map(str, value.get("within", ()))),
            bool(value.get("beside")),
            value.get("item"),
        )


@dataclass(frozen=True)
class Memory:
    """What was asked so far, the latest last: for each message, what it asked."""

    messages: tuple[tuple[Ask, ...], ...] = ()

    @classmethod
    def of_slot(cls, value: Iterable[Iterable[dict[str, Any]]] | None) -> Memory:
        """Return what `as_slot` wrote; nothing is remembered of an older conversation."""
        return cls(tuple(tuple(Ask.of_slot(one) for one in asks) for asks in value or ()))

    def as_slot(self) -> list[list[dict[str, Any]]]:
        """Return plain values that a slot can hold."""
        return [[ask.as_slot() for ask in asks] for asks in self.messages]

    def after(self, asks: Sequence[Ask]) -> Memory:
        """Return the memory with one message more."""
        return Memory((*self.messages, tuple(asks))[-_REMEMBERED:])

    def known(self, people: Container[str], roles: Container[str]) -> Memory:
        """Return it without people and roles that are no longer there."""

        def is_known(topic: str) -> bool:
            if topic.startswith(PERSON):
                return topic.removeprefix(PERSON) in people
            return not topic.startswith(_ROLE) or topic in roles

        return Memory(
            tuple(
                tuple(
                    replace(
                        ask,
                        topics=tuple(filter(is_known, ask.topics)),
                        within=tuple(filter(is_known, ask.within)),
                        role=ask.role if ask.role in roles else None,
                    )
                    for ask in asks
                )
                for asks in self.messages
            )
        )

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that the conversation is about now."""
        return next(self._topics(), ())

    @property
    def item(self) -> str | None:
        """The one thing of those topics that the conversation is about now."""
        asks = (ask for message in reversed(self.messages) for ask in reversed(message))
        return next((ask.item for ask in asks if ask.topics == self.topics), None)

    @property
    def earlier(self) -> list[tuple[str, ...]]:
        """What the conversation was about, the latest first, each once."""
        return list(dict.fromkeys(self._topics()))

    @property
    def told(self) -> tuple[str, ...]:
        """Every topic that the conversation was about, the first first, each once."""
        latest = [one for topics in self.earlier for one in reversed(topics)]
        return tuple(reversed(dict.fromkeys(latest)))

    def facet_of(self, topic: str) -> str | None:
        """Return what was asked last of a topic."""
        asks = (ask for message in reversed(self.messages) for ask in reversed(message))
        # What sums up or sets beside each other asks nothing of one of its topics.
        return next(
            (ask.facet for ask in asks if topic in ask.topics and ask.act not in OVER_TOLD), None
        )

    @property
    def facet(self) -> str | None:
        """What was asked last of those topics."""
        asks = (ask for message in reversed(self.messages) for ask in reversed(message))
        return next((ask.facet for ask in asks if ask.facet), None)

    @property
    def role(self) -> str | None:
        """The role that people were said to have in the last message."""
        return (
            next((ask.role for ask in self.messages[-1] if ask.role), None)
            if self.messages
            else None
        )

    @property
    def within(self) -> tuple[str, ...]:
        """The topics whose list the last message picked from."""
        return (
            next((ask.within for ask in self.messages[-1] if ask.within), ())
            if self.messages
            else ()
        )

    @property
    def together(self) -> tuple[str, ...]:
        """The topics that the last message asked about, if it asked several questions."""
        found: list[str] = []
        for asks in reversed(self.messages):
            found[:0] = [one for ask in asks for one in ask.topics[:1] if one != CHAT]
            if not any(ask.beside for ask in asks):
                break
        return tuple(found) if len(found) > 1 else ()

    def recalled(self, which: str) -> tuple[str, tuple[str, ...]]:
        """Return what was asked first, latest, or before that; the first where there is no other.

        What was recalled is what "före det" goes back from.
        """
        asked: list[tuple[str, ...]] = []
        at = -1
        for asks in self.messages:
            topics = _topics_of(asks)
            if any(ask.act == RECALL for ask in asks):
                at = asked.index(topics) if topics in asked else at
            elif topics:
                asked += [topics] if asked[-1:] != [topics] else []
                at = len(asked) - 1
        at = {FIRST: 0, BEFORE: at - 1, LATEST: at}[which]
        if not asked:
            return "nothing", ()
        return (which, asked[at]) if at >= 0 else (FIRST, asked[0])

    @property
    def last_acts(self) -> set[str]:
        """What the last message did."""
        return {ask.act for ask in self.messages[-1]} if self.messages else set()

    @property
    def is_chatting(self) -> bool:
        """Whether the last message was about nothing but the conversation itself."""
        topics = [one for ask in self.messages[-1] for one in ask.topics] if self.messages else []
        return bool(topics) and set(topics) == {CHAT}

    def _topics(self) -> Iterator[tuple[str, ...]]:
        for asks in reversed(self.messages):
            if topics := _topics_of(asks):
                yield topics


def _topics_of(asks: Iterable[Ask]) -> tuple[str, ...]:
    """Return what a message was about, each once, beside the conversation itself."""
    topics = dict.fromkeys(one for ask in asks for one in ask.topics)
    return tuple(one for one in topics if one != CHAT)
