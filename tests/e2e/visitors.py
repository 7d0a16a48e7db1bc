"""Visitors who hold conversations over HTTP and check every reply."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import re
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

WEBHOOK = "/webhooks/rest/webhook"
CONSULTANTS = [
    "Anna Hansson", "Bodil Alvarsdotter", "Eva Fred", "Kajsa Lunde",
    "Katarina Larson", "Sara Tröen", "Åsa-Maria Berg Levinsson", "Örjan Hellström",
]  # fmt: skip
ORDINALS = ["första", "andra", "tredje", "fjärde", "femte"]
PHONE = "Telefonnumret till {} saknas"
EMAIL = "E-postadressen till {} saknas"
AREAS = ("Vilka områden har ni?", "öppna.*digitala.*lärande")
OPEN, DIGITAL, LEARNING = "öppna biblioteket handlar", "digitala biblioteket handlar", "livslångt"

Turn = tuple[str, str]
# What is asked and a pattern of the reply. Each reply but the first of each follows from the
# turns before it: "nästa" counts, so that a turn lost or taken twice gives another name.
SCRIPTS: list[list[Turn]] = [
    [
        ("Vem är chef?", "Daniella Pind är enhetschef"),
        ("Har hon något telefonnummer?", PHONE.format("Daniella Pind")),
        ("och mejl?", EMAIL.format("Daniella Pind")),
        ("Samma fråga om Sara", EMAIL.format("Sara Tröen")),
        ("och Eva då?", EMAIL.format("Eva Fred")),
    ],
    [
        AREAS,
        ("berätta om den första", OPEN),
        ("nästa", DIGITAL),
        ("nästa", LEARNING),
        ("den andra", DIGITAL),
    ],
    [
        ("Vad gör ni i praktiken?", "genomföra kurser"),
        ("berätta mer", "fortbildning"),
        ("Vem pratar jag med om det?", "vem som arbetar med vilken fråga.*Daniella Pind"),
        ("Vad har hon för telefon?", PHONE.format("Daniella Pind")),
    ],
    [
        ("Vem är projektledare?", "Malin Carlsson är projektledare"),
        ("har hon mejl", EMAIL.format("Malin Carlsson")),
        ("och chefen?", EMAIL.format("Daniella Pind")),
        ("den andra", EMAIL.format("Malin Carlsson")),
    ],
    [
        ("Vad säger lagen?", "2013:801"),
        ("ja tack", "Kulturförvaltningen ansvarar"),
        ("Vem är Anna Hansson?", "Anna Hansson är konsulent"),
        ("och Bodil?", "Bodil Alvarsdotter är konsulent"),
        ("vad har hon för nummer?", PHONE.format("Bodil Alvarsdotter")),
    ],
    [
        ("Hej", "chattbot"),
        ("Styrs ni av någon plan?", "regionala biblioteksplanen"),
        ("Hur många inriktningar har den?", "fyra.*tre"),
        ("Vilka då?", "öppna.*digitala.*lärande"),
        ("den andra", DIGITAL),
        ("nästa", LEARNING),
    ],
]
SWEDISH = re.compile(
    r"\b(?:och|är|du|jag|vi|på|inte|det|den|som|till|om|hej|ska|att|för|kan)\b", re.IGNORECASE
)
FAILURE = re.compile(r"Traceback|gick fel|komma åt samtalen|Error|Exception")

# How often a message is sent again although its reply came, or its connection is cut.
AGAIN = 0.1
CUT = 0.05
PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.05
UNAVAILABLE = (502, 503, 504)


class WrongReplyError(AssertionError):
    """A reply that this visitor should not have had."""


class LeftError(Exception):
    """An impatient visitor, whose connection broke, is gone."""


def walk(chance: random.Random) -> list[Turn]:
    """Return a script that goes through the list of consultants, one after the other."""
    start = chance.randrange(len(ORDINALS))
    steps = chance.randint(2, len(CONSULTANTS) - start) - 1
    who = [f"{name} är konsulent" for name in CONSULTANTS[start : start + steps + 1]]
    says = [f"den {ORDINALS[start]}", *["nästa"] * steps]
    return [
        ("Vilka är konsulenter?", ".*".join(CONSULTANTS)),
        *zip(says, who, strict=True),
    ]


def some_script(chance: random.Random) -> list[Turn]:
    """Return a conversation to hold; every second one counts through the consultants."""
    return walk(chance) if chance.random() < 0.5 else chance.choice(SCRIPTS)


@dataclass
class Line:
    """A connection to the bot that is kept, and taken up anew when it breaks.

    Attributes:
        port: where the bot answers.
        patient: whether to try again until the bot is back; else the first broken connection
            ends the conversation.
        seconds: when each new message was answered, and how long it took.
        repeated: how many messages were answered again.
        unanswered: when each exchange began that was taken up and ended without a reply.
        halves: how many replies broke off.
        parted: how many replies asked to come back on another connection.
        refusals: what was said instead of an answer, where that is taken for one (`bears`).

    """

    port: int
    patient: bool = True
    bears: bool = False
    refusals: list[tuple[int, bytes]] = field(default_factory=list)
    seconds: list[tuple[float, float]] = field(default_factory=list)
    repeated: int = 0
    unanswered: list[float] = field(default_factory=list)
    halves: int = 0
    parted: int = 0

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, body: bytes, again: bool = False) -> tuple[int, bytes]:
        """Return status and content of the reply, however often it takes."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            began = time.monotonic()
            try:
                reply = self._exchange(body)
            except (OSError, http.client.HTTPException) as error:
                self.connection.close()
                if not isinstance(error, ConnectionRefusedError):
                    self.unanswered.append(began)
                if not self.patient:
                    raise LeftError from error
                if began > give_up:
                    raise
                time.sleep(PAUSE_SECONDS)
            else:
                if self.bears and reply[0] in UNAVAILABLE and began < give_up:
                    self.refusals.append(reply)
                    time.sleep(PAUSE_SECONDS)
                    continue
                now = time.monotonic()
                if again:
                    self.repeated += 1
                else:
                    self.seconds.append((now, now - began))
                return reply

    def cut(self, body: bytes) -> None:
        """Send a message and hang up."""
        with contextlib.suppress(OSError, http.client.HTTPException):
            self._send(body)
        self.connection.close()

    def _send(self, body: bytes) -> None:
        self.connection.request("POST", WEBHOOK, body, {"Content-Type": "application/json"})

    def _exchange(self, body: bytes) -> tuple[int, bytes]:
        self._send(body)
        response = self.connection.getresponse()
        self.parted += response.will_close
        try:
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self.halves += 1
            raise


@dataclass
class Visitor:
    """Holds one conversation and checks each reply.

    Attributes:
        replies: what was received, by message id; what is here has been acknowledged.

    """

    line: Line
    script: Sequence[Turn]
    chance: random.Random
    trouble: bool = True
    replies: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Not from `chance`: two crowds of one seed would hold the same conversations, and the
        # second would fall silent where those of the first are deleted.
        self.sender = uuid.uuid4().hex

    def hold(self) -> None:
        """Hold the conversation."""
        for number, (says, expected) in enumerate(self.script):
            body = self.body(number)
            if self.trouble and self.chance.random() < CUT:
                self.line.cut(body)
            reply = self._ask(body, says)
            check(reply, says, expected, self.sender)
            self.replies[_id(number)] = reply
            if self.trouble and self.chance.random() < AGAIN:
                self.ask_again(self.chance.randint(0, number))

    def ask_again(self, number: int) -> None:
        """Send a message anew: its reply must be the one that was received."""
        says, first = self.script[number][0], self.replies[_id(number)]
        if (again := self._ask(self.body(number), says, again=True)) != first:
            raise WrongReplyError(f"{says!r} fick först {first!r}, sedan {again!r}")

    def ask_everything_again(self) -> None:
        """Send all messages anew."""
        for number in range(len(self.script)):
            self.ask_again(number)

    def _ask(self, body: bytes, says: str, again: bool = False) -> bytes:
        status, reply = self.line.ask(body, again)
        if status != 200:
            raise WrongReplyError(f"{says!r} fick {status}: {reply.decode()}")
        return reply

    def body(self, number: int) -> bytes:
        """Return what is sent for a turn."""
        says = self.script[number][0]
        message = {"sender": self.sender, "message": says, "message_id": _id(number)}
        return json.dumps(message).encode()


def check(reply: bytes, says: str, expected: str, sender: str) -> None:
    """See that a reply is one to this message of this visitor, in Swedish."""
    items: list[dict[str, Any]] = json.loads(reply)
    text = "\n".join(item["text"] for item in items)
    if not re.search(expected, text, re.DOTALL):
        raise WrongReplyError(f"{says!r} skulle ge {expected!r} men gav {text!r}")
    if not SWEDISH.search(items[0]["text"]) or FAILURE.search(text):
        raise WrongReplyError(f"{says!r} gav {text!r}")
    if {item["recipient_id"] for item in items} != {sender}:
        raise WrongReplyError(f"{says!r} gav någon annans svar: {items}")


def _id(number: int) -> str:
    return f"m{number}"


class Crowd:
    """Visitors who come one after the other, `at_once` at a time, while the block runs.

    When it ends, conversations under way are held to their end, and the first failure of
    any visitor is raised.
    """

    def __init__(
        self,
        port: int,
        at_once: int,
        seed: int,
        *,
        script: Callable[[random.Random], Sequence[Turn]] = some_script,
        patient: bool = True,
        trouble: bool = True,
        keep: bool = True,
        bears: bool = False,
    ) -> None:
        """Begin with nobody there.

        Args:
            port: where the bot answers.
            at_once: how many talk at the same time.
            seed: of what they say and when they make trouble.
            script: gives each visitor something to say.
            patient: whether they try again when the bot is gone.
            trouble: whether they cut connections and send messages again.
            keep: whether to keep the replies of conversations that have ended.
            bears: whether they try again when they are told that the bot cannot answer.

        """
        self.lines = [Line(port, patient, bears) for _ in range(at_once)]
        self.visitors: list[Visitor] = []
        self._script = script
        self._trouble = trouble
        self._keep = keep
        self._chances = [random.Random(f"{seed}-{number}") for number in range(at_once)]
        self._failures: list[BaseException] = []
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._come_and_go, args=pair, daemon=True)
            for pair in zip(self.lines, self._chances, strict=True)
        ]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(2 * PATIENCE_SECONDS)
        if raised[0] is None:
            self.raise_failure()

    @property
    def answers(self) -> int:
        """How many replies have come."""
        return sum(len(line.seconds) for line in self.lines)

    @property
    def replies(self) -> set[tuple[str, str]]:
        """Sender and message id of everything that was acknowledged."""
        return {(one.sender, message) for one in self.visitors for message in one.replies}

    @property
    def refusals(self) -> list[tuple[int, bytes]]:
        """Return what was said to those who could not be answered."""
        return [refusal for line in self.lines for refusal in line.refusals]

    def wait_for(self, answers: int) -> None:
        """Wait until so many more replies have come."""
        wanted, give_up = self.answers + answers, time.monotonic() + PATIENCE_SECONDS
        while self.answers < wanted:
            self.raise_failure()
            if time.monotonic() > give_up:
                raise AssertionError(f"no {answers} replies in {PATIENCE_SECONDS:.0f} s")
            time.sleep(PAUSE_SECONDS / 10)

    def raise_failure(self) -> None:
        """Raise what went wrong for a visitor, if anything did."""
        if self._failures:
            raise self._failures[0]

    def _come_and_go(self, line: Line, chance: random.Random) -> None:
        try:
            while not self._ended.is_set() and not self._failures:
                visitor = Visitor(line, self._script(chance), chance, self._trouble)
                self.visitors.append(visitor)
                visitor.hold()
                if not self._keep:
                    visitor.replies.clear()
        except LeftError:
            pass
        except BaseException as error:
            self._failures.append(error)
        finally:
            line.connection.close()
