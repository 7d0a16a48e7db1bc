"""The contract of the knowledge files, and the questions that actions ask of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from bot.knowledge.contact import Email, Phone
from bot.nlu.folding import fold
from bot.nlu.names import NameIndex

_WORD: Final = re.compile(r"[^\W\d_]+")
_SHORTEST_TOPIC_WORD: Final = 4
_A_FEW_FACTS: Final = 3
_LONGEST_ENDING: Final = 4
# So many letters of a word tell what it is about, whatever its ending.
_STEM: Final = 5
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# What is counted beside the people of a role: all of them, and their titles.
EVERYBODY: Final = "everybody"
TITLES: Final = "titles"

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]
FollowUps = Annotated[list[str], Field(min_length=2, max_length=4)]


class _Strict(BaseModel):
    """A model that refuses unknown fields and reads an empty field as none."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return None if value == "" else value


def _read_date(written: Any) -> Any:
    """Read a date as people write it; pydantic also takes seconds since 1970."""
    if not isinstance(written, str):
        return written
    if not _DATE.fullmatch(written):
        raise ValueError("skriv datumet som 2026-11-22.")
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError("den dagen finns inte.") from None


Date = Annotated[date, BeforeValidator(_read_date)]


# What one can ask of a topic: when, of whom, how to sign up.
FACETS: Final = (
    "what", "meaning", "why", "how", "example", "who", "decides", "for_whom", "with_whom", "when",
    "where", "cost", "signup", "amount", "list", "format", "language", "contact", "phone", "email",
    "title", "duties", "news", "effect", "source", "is", "can", "other",
)  # fmt: skip


def _known_facet(name: str) -> str:
    if name not in FACETS:
        raise ValueError(f"aspekten {name} finns inte. Välj bland {', '.join(FACETS)}.")
    return name


Facet = Annotated[str, AfterValidator(_known_facet)]


class EnglishAspects(_Strict):
    """What is told in English of a topic, where it is told in other words than the answer.

    Attributes:
        noun: what a sentence calls it.
        tells: by facet, a sentence that answers just that.
        leaves_out: by facet, what the page says nothing about.

    """

    noun: Text
    tells: dict[Facet, Text] = Field(default_factory=dict)
    leaves_out: dict[Facet, Text] = Field(default_factory=dict)


class EnglishFact(EnglishAspects):
    """The same of a fact: every facet that the page tells is answered by the answer.

    Attributes:
        filled: the answer once staff have filled in what is missing.

    """

    question: Text
    answer: Text
    filled: str | None = Field(default=None, pattern=r"\{value\}")
    more: str | None = None


class EnglishRole(_Strict):
    """A title and the question for it."""

    title: Text
    plural: Text
    question: Text


class EnglishUnit(_Strict):
    """Where to turn when nothing else is known."""

    instead: Text


class EnglishWords(_Strict):
    """What English answers need beside facts and roles.

    Attributes:
        questions: for buttons, by intent.
        nothing: how it is said that the page tells nothing of {what}.
        nothing_more: the same where something has been told of it.
        leaves_out: by facet, what that is, of {noun}.

    """

    questions: dict[str, Text]
    nothing: str = Field(pattern=r"\{what\}")
    nothing_more: str = Field(pattern=r"\{what\}")
    leaves_out: dict[Facet, Text]


class Claim(_Strict):
    """A proposition that the page settles, or that follows from who the staff are.

    Attributes:
        says: what is claimed.
        truth: whether that is so; what is counted or stated is found out from the staff.
        number: what it says of how many; of another number it is false.
        counts: what is counted: the people of a role, by its id, EVERYBODY, or TITLES.
        holds: what is claimed of their number.
        states: the field that is claimed to be there for somebody.
        because: what follows after "Ja, " or "Nej, ".
        otherwise: the same where it is found out not to be so.

    """

    id: Id
    says: Text
    truth: Literal["yes", "no"] | None = None
    number: int | None = None
    counts: Id | None = None
    holds: Literal["number", "some", "one", "several", "most", "all"] | None = None
    states: Literal["phone", "email", "areas"] | None = None
    because: Text
    otherwise: Text | None = None

    @model_validator(mode="after")
    def _is_settled(self) -> Claim:
        given = [self.truth, self.counts, self.states]
        if sum(one is not None for one in given) != 1:
            raise ValueError("ange antingen truth, counts eller states.")
        if (self.counts is None) != (self.holds is None):
            raise ValueError("counts och holds hör ihop: ange båda eller ingen.")
        return self

    @property
    def is_found_out(self) -> bool:
        """Whether the staff of the moment decide what is true."""
        return self.counts is not None or self.states is not None


class Aspects(_Strict):
    """What the page tells of one topic and what it leaves out, facet by facet.

    Attributes:
        noun: what a sentence calls it.
        short: the topic in one short sentence.
        tells: by facet, a sentence that answers just that.
        leaves_out: by facet, an indirect question: "… står inte på sidan."
        claims: what is true or false of it.
        follow_ups: what its answers offer; whom to ask where nothing is given.

    """

    noun: str | None = None
    short: str | None = None
    tells: dict[Facet, Text] = Field(default_factory=dict)
    leaves_out: dict[Facet, Text] = Field(default_factory=dict)
    claims: list[Claim] = Field(default_factory=list)
    follow_ups: FollowUps | None = None

    def told(self, facet: str) -> str | None:
        """Return the sentence that answers a facet; None if the page tells nothing of it."""
        return self.tells.get(facet)

    def left_out(self, facet: str) -> str | None:
        """Return what the page leaves out of a facet, as an indirect question; None if nothing."""
        return self.leaves_out.get(facet)


class Item(Aspects):
    """One of the things that facts name together: the networks of support and networks.

    Attributes:
        words: how the words begin that visitors name it by.
        topics: the ids of the facts, and of other topics that it may be named beside.
        leads_to: what else is said where it is named, by the topic that need not be told it.

    """

    id: Id
    words: list[Text] = Field(min_length=1)
    topics: list[str] = Field(min_length=1)
    leads_to: dict[str, Text] = Field(default_factory=dict)

    def of(self, fact: Aspects) -> Aspects:
        """Return what is told of a fact where this alone is asked about."""
        own = {*self.tells, *self.leaves_out}
        tells = {facet: text for facet, text in fact.tells.items() if facet not in own}
        leaves_out = {facet: text for facet, text in fact.leaves_out.items() if facet not in own}
        return self.model_copy(
            update={
                "short": fact.short,
                "tells": {**tells, **self.tells},
                "leaves_out": {**leaves_out, **self.leaves_out},
                "claims": fact.claims,
            }
        )


class Topic(Aspects):
    """A topic that is no single fact: a role, a person, the unit, the bot."""

    id: Id
    english: EnglishAspects | None = None


class Word(_Strict):
    """A word that the page uses and does not explain: a word explanation, no fact of the unit."""

    word: Text
    also: list[Text] = Field(default_factory=list)
    means: Text
    topic: str | None = None
    reviewed_by: Text
    reviewed: Date


class Missing(_Strict):
    """Something that the page leaves out, and the answer once staff have filled it in.

    Attributes:
        settles: the facets that this answer answers then.

    """

    what: Text
    value: str | None = None
    settles: list[Facet] = Field(default_factory=list)
    answer: str = Field(pattern=r"\{value\}")


class Fact(Aspects):
    """One answer. Its id is also the intent that asks for it.

    Attributes:
        names: what visitors call it; facts that a message names together are told together.
        lists: facts, and propositions that are true, that the answer names, in its order.
        of_another: whether it tells of another organisation than the unit.
        lacks: what the page leaves out of it, said last.
        simple: the answer in simpler words.

    """

    id: Id
    names: list[Text] = Field(default_factory=list)
    question: Text
    answer: Text
    of_another: bool = False
    lacks: str | None = None
    more: str | None = None
    simple: str | None = None
    missing: Missing | None = None
    lists: list[str] = Field(default_factory=list)
    source: Text
    reviewed: Date
    follow_ups: FollowUps
    english: EnglishFact | None = None

    def told(self, facet: str) -> str | None:
        """Return the sentence that answers a facet; None if the page tells nothing of it."""
        return self.statement.strip() if self._settled(facet) else super().told(facet)

    def left_out(self, facet: str) -> str | None:
        """Return what the page leaves out of a facet, as an indirect question; None if nothing."""
        return None if self._settled(facet) else super().left_out(facet)

    def _settled(self, facet: str) -> bool:
        return bool(self.missing and self.missing.value and facet in self.missing.settles)

    @property
    def statement(self) -> str:
        """What the page says, or staff have filled in."""
        if self.missing and self.missing.value:
            return self.missing.answer.replace("{value}", self.missing.value)
        return self.answer

    @property
    def easy(self) -> str | None:
        """The same in simpler words; None where there are none of what staff have filled in."""
        return None if self.missing and self.missing.value else self.simple

    def place_in(self, text: str) -> int | None:
        """Return where the text names this fact, None if it does not."""
        found = self._named.search(text)
        return found.start() if found else None

    @cached_property
    def _named(self) -> re.Pattern[str]:
        names = "|".join(map(re.escape, self.names))
        return re.compile(rf"\b(?:{names})\b" if names else r"(?!)", re.IGNORECASE)


class Role(_Strict):
    """A title that visitors ask for. The intent that asks is "role_" and the id."""

    id: Id
    title: Text
    plural: Text
    question: Text
    follow_ups: FollowUps
    english: EnglishRole | None = None

    @property
    def intent(self) -> str:
        """The intent that asks who has this role."""
        return f"role_{self.id}"


# What staff may fill in for a person, as they are told of it.
_LABELS: Final = {"phone": "telefonnummer", "email": "e-postadress", "areas": "ansvarsområden"}


class Person(_Strict):
    """A member of staff."""

    id: Id
    name: Text
    title: Text
    phone: Phone | None = None
    email: Email | None = None
    areas: list[str] = Field(default_factory=list)

    @field_validator("areas", mode="before")
    @classmethod
    def _no_areas(cls, value: Any) -> Any:
        return value or []

    @property
    def lacks(self) -> list[str]:
        """The fields that the files leave empty."""
        return [field for field in _LABELS if not getattr(self, field)]

    def works_with(self, text: str) -> bool:
        """Tell whether the text mentions one of the person's areas of responsibility."""
        words = [fold(word) for word in _WORD.findall(text)]
        return any(
            any(_same_topic(topic, word) for word in words)
            for area in self.areas
            for topic in (fold(w) for w in _WORD.findall(area))
            if len(topic) >= _SHORTEST_TOPIC_WORD
        )


def _same_topic(topic: str, word: str) -> bool:
    """Tell whether two folded words share their stem: "barn" and "barnen"."""
    stem = max(_SHORTEST_TOPIC_WORD, len(topic) - 2)
    return word[:stem] == topic[:stem]


def _is_form(word: str, told: str) -> bool:
    """Tell whether two words are forms of one: "plan" and "planerna", not "planet" and "kurs"."""
    shorter, longer = sorted((word, told), key=len)
    stem = shorter if len(shorter) <= _SHORTEST_TOPIC_WORD else shorter[:-1]
    return longer.startswith(stem) and len(longer) - len(stem) <= _LONGEST_ENDING


class Elsewhere(_Strict):
    """What is somebody else's matter, and what a sentence calls it, or whose it is.

    Attributes:
        whose: a local library's, or another body's.
        words: how the words begin that visitors call it by.
        noun: what a sentence calls it; of another body, its name.

    """

    id: Id
    whose: Literal["local", "another"]
    words: list[Text] = Field(min_length=1)
    noun: Text


class Unit(_Strict):
    """The unit itself and where to turn when nothing else is known."""

    name: Text
    phone: Phone | None = None
    email: Email | None = None
    human: str | None = None
    instead: Text
    turn_to: list[str] = Field(min_length=1)
    overview: str | None = None
    source: Text
    reviewed: Date
    english: EnglishUnit | None = None


def stems_in(text: str) -> set[str]:
    """Return the longer words of a text in lower case, cut where their endings may begin."""
    return {word[:_STEM] for word in _WORD.findall(text.casefold()) if len(word) >= _STEM}


def begins_in(form: str, text: str) -> bool:
    """Tell whether a word of the text begins with a form: "kurs" in "kursen", not in "konkurs"."""
    return re.search(rf"\b{re.escape(form)}", text) is not None


def _yes(is_so: bool) -> Literal["yes", "no"]:
    return "yes" if is_so else "no"


class KnowledgeFile(_Strict):
    """What one file may hold."""

    unit: Unit | None = None
    facts: list[Fact] = Field(default_factory=list)
    roles: list[Role] = Field(default_factory=list)
    people: list[Person] = Field(default_factory=list)
    questions: dict[str, str] = Field(default_factory=dict)
    topics: list[Topic] = Field(default_factory=list)
    glossary: list[Word] = Field(default_factory=list)
    items: list[Item] = Field(default_factory=list)
    elsewhere: list[Elsewhere] = Field(default_factory=list)
    english: EnglishWords | None = None


class Place(NamedTuple):
    """Where something stands in the knowledge files, and each of its fields."""

    file: str
    line: int
    fields: Mapping[str, int]


class Knowledge:
    """Everything the bot may say, of one moment. Immutable."""

    def __init__(
        self,
        unit: Unit,
        facts: list[Fact],
        roles: list[Role],
        people: list[Person],
        questions: dict[str, str],
        places: Mapping[str, Place] | None = None,
        topics: list[Topic] | None = None,
        glossary: list[Word] | None = None,
        items: list[Item] | None = None,
        elsewhere: list[Elsewhere] | None = None,
        english: EnglishWords | None = None,
    ) -> None:
        """Index what the files hold. Ids are unique: the loader has seen to it.

        Args:
            unit: the unit.
            facts: in the order of the files, like roles and people.
            roles: titles.
            people: the staff.
            questions: more questions for buttons, by intent.
            places: where each fact, role and person stands, by intent or id.
            topics: what is told of what is no single fact.
            glossary: words that the page does not explain.
            items: things that facts name together.
            elsewhere: what is somebody else's matter.
            english: what English answers need beside; None where no answer is in English.

        """
        self.english = english
        self.unit = unit
        self.places = places or {}
        self.facts = {fact.id: fact for fact in facts}
        self.roles = {role.intent: role for role in roles}
        self.people = {person.id: person for person in people}
        self._with_title: dict[str, list[Person]] = {}
        for person in people:
            self._with_title.setdefault(person.title, []).append(person)
        self.topics: dict[str, Aspects] = {
            **{topic.id: topic for topic in topics or ()},
            **self.facts,
        }
        self.claims = {
            claim.id: self._found_out(claim) for one in self.topics.values() for claim in one.claims
        }
        self.topic_of_claim = {
            claim.id: name for name, one in self.topics.items() for claim in one.claims
        }
        self.glossary = glossary or []
        self.items = {item.id: item for item in items or ()}
        self._elsewhere = elsewhere or []
        self._with_names = [fact for fact in facts if fact.names]
        self._with_areas = [person for person in people if person.areas]
        self.questions = {
            **questions,
            **{fact.id: fact.question for fact in facts},
            **{role.intent: role.question for role in roles},
        }

    @cached_property
    def names(self) -> NameIndex:
        """The index of people's names, which takes seconds for thousands of them."""
        return NameIndex({person.id: person.name for person in self.people.values()})

    @cached_property
    def matters(self) -> frozenset[str]:
        """The longer words, in lower case, by which a few facts differ from the others."""
        found = Counter(
            word
            for fact in self.facts.values()
            for word in set(_WORD.findall(fact.statement.casefold()))
            if len(word) > _SHORTEST_TOPIC_WORD
        )
        return frozenset(word for word, facts in found.items() if facts <= _A_FEW_FACTS)

    def mentions(self, text: str) -> bool:
        """Tell whether every longer word of a text occurs in what the files tell, in any form."""
        words = [word for word in _WORD.findall(text.casefold()) if len(word) > 2] or [text]
        return all(any(_is_form(word, told) for told in self._told_words) for word in words)

    @cached_property
    def _told_words(self) -> frozenset[str]:
        topics = [*self.topics.values(), *self.items.values()]
        texts = [
            *(text for one in topics for text in (one.noun, one.short, *one.tells.values())),
            *(text for fact in self.facts.values() for text in (fact.statement, *fact.names)),
            *(text for word in self.glossary for text in (word.word, *word.also)),
            *(text for role in self.roles.values() for text in (role.title, role.plural)),
            *(text for one in self.people.values() for text in (one.name, one.title, *one.areas)),
            *(self.unit.name, self.unit.instead),
        ]
        return frozenset(word for text in texts if text for word in _WORD.findall(text.casefold()))

    def is_of_the_page(self, text: str) -> bool:
        """Tell whether a text has one of the words by which facts differ."""
        return not stems_in(text).isdisjoint(stems_in(" ".join(self.matters)))

    def has_words_of(self, text: str, fact: str) -> bool:
        """Tell whether a text has a longer word that is said of a fact."""
        return not stems_in(text).isdisjoint(self._said_of[fact])

    @cached_property
    def _said_of(self) -> dict[str, set[str]]:
        """What is said of each fact, in stems, beside those that most facts have: "finns"."""
        said = {
            name: stems_in(
                " ".join(
                    (
                        fact.answer,
                        *fact.tells.values(),
                        *fact.leaves_out.values(),
                        *(f"{one.says} {one.because}" for one in fact.claims),
                    )
                )
            )
            for name, fact in self.facts.items()
        }
        often = Counter(stem for stems in said.values() for stem in stems)
        common = {stem for stem, facts in often.items() if 2 * facts > len(said)}
        return {name: stems - common for name, stems in said.items()}

    @property
    def intents(self) -> list[str]:
        """The intents that the knowledge brings: one a fact and one a role."""
        return [*self.facts, *self.roles]

    def with_role(self, role: Role) -> list[Person]:
        """Return the people who have the role, in the order of the file."""
        return list(self._with_title.get(role.title, ()))

    def _found_out(self, claim: Claim) -> Claim:
        """Return a claim about the staff with its truth and its number of this moment."""
        if claim.states:
            is_there = any(getattr(person, claim.states) for person in self.people.values())
            because = claim.because if is_there else claim.otherwise or claim.because
            return claim.model_copy(update={"truth": _yes(is_there), "because": because})
        if not claim.counts:
            return claim
        role, everybody = self.roles.get(f"role_{claim.counts}"), len(self.people)
        count = len(self._with_title) if claim.counts == TITLES else everybody
        count = len(self.with_role(role)) if role else count
        holds = {
            "number": True,
            "some": count > 0,
            "one": count == 1,
            "several": count > 1,
            "most": 2 * count > everybody,
            "all": count == everybody,
        }
        number = count if claim.holds == "number" else None
        noun = (role.title if count == 1 else role.plural).lower() if role else ""
        truth = _yes(holds[str(claim.holds)])
        because = claim.because if truth == "yes" else claim.otherwise or claim.because
        because = because.replace("{count}", str(count)).replace("{noun}", noun)
        return claim.model_copy(update={"truth": truth, "number": number, "because": because})

    def to_turn_to(self) -> list[Person]:
        """Return the people to turn to when nobody is known for a topic."""
        return [
            person
            for role_id in self.unit.turn_to
            for person in self.with_role(self.roles[f"role_{role_id}"])
        ]

    @property
    def first_role(self) -> Role:
        """The role of those to turn to first."""
        return self.roles[f"role_{self.unit.turn_to[0]}"]

    def first_to_turn_to(self) -> list[Person]:
        """Return those of them who have the role that comes first."""
        return self.with_role(self.first_role)

    def facts_named(self, text: str) -> list[Fact]:
        """Return the facts that the text names, in its order."""
        found = [(fact.place_in(text), fact) for fact in self._with_names]
        named = [(place, fact) for place, fact in found if place is not None]
        return [fact for _, fact in sorted(named, key=lambda one: one[0])]

    def items_in(self, text: str, topic: str) -> list[str]:
        """Return the ids of what a text names of the things that a fact names together."""
        lower = text.casefold()
        return [
            item.id
            for item in self.items.values()
            if topic in item.topics and any(begins_in(word, lower) for word in item.words)
        ]

    def elsewhere_in(self, text: str, whose: str) -> str | None:
        """Return what a text names first of what is a local library's or another's matter."""
        lower = text.casefold()
        found = [
            (place.start(), one.noun)
            for one in self._elsewhere
            for form in one.words
            if one.whose == whose and (place := re.search(rf"\b{re.escape(form)}", lower))
        ]
        return min(found)[1] if found else None

    def word_in(self, text: str) -> Word | None:
        """Return the word of the glossary that the text names, the longest of several."""
        lower = text.casefold()
        found = [(len(form), word) for form, word in self._forms if begins_in(form, lower)]
        return max(found, key=lambda one: one[0])[1] if found else None

    def word_for(self, role: Role) -> Word | None:
        """Return the word of the glossary that explains a title."""
        return next((word for word in self.glossary if word.topic == role.intent), None)

    def words_in(self, text: str) -> list[Word]:
        """Return the words of the glossary that the text names, in its order, each once."""
        lower = text.casefold()
        places: dict[int, tuple[int, Word]] = {}
        for form, word in self._forms:
            for found in re.finditer(rf"\b{re.escape(form)}", lower):
                longest = places.get(found.start(), (0, word))[0]
                if len(form) > longest:
                    places[found.start()] = len(form), word
        named, end = [], 0
        for place, (length, word) in sorted(places.items(), key=lambda one: one[0]):
            if place >= end:  # "Förmedling" in "stöd och förmedling" is no word by itself.
                named.append(word)
                end = place + length
        return [word for place, word in enumerate(named) if word not in named[:place]]

    @cached_property
    def _forms(self) -> list[tuple[str, Word]]:
        return [
            (form.casefold(), word) for word in self.glossary for form in (word.word, *word.also)
        ]

    def list_with(self, fact: str) -> list[str]:
        """Return the ids of the list that a fact tells or belongs to; none if there is none."""
        lists = [one.lists for one in self.facts.values() if one.id == fact or fact in one.lists]
        facts = ([one for one in listed if one in self.facts] for listed in lists)
        return next(filter(None, facts), [])

    def line_of(self, listed: str) -> str | None:
        """Return the sentence for what a fact lists: that of a fact, or of a claim."""
        if claim := self.claims.get(listed):
            return f"{claim.because[:1].upper()}{claim.because[1:]}."
        return self.facts[listed].short

    def teller_of(self, fact: str) -> str | None:
        """Return the id of the fact that lists this one; None if none does."""
        return next((one.id for one in self.facts.values() if fact in one.lists), None)

    def responsible_for(self, text: str) -> list[Person]:
        """Return the people whose areas of responsibility the text mentions."""
        return [person for person in self._with_areas if person.works_with(text)]

    def button(self, intent: str, person: str | None = None) -> dict[str, str]:
        """Return a button that asks for an intent, or about one person."""
        if person:
            payload = f"/{intent}{json.dumps({'person': person})}"
            return {"title": self.people[person].name, "payload": payload}
        return {"title": self.questions[intent], "payload": f"/{intent}"}

    def to_fill_in(self) -> Iterator[str]:
        """Yield, in Swedish, what the files leave empty for staff to fill in."""
        for fact in self.facts.values():
            if fact.missing and not fact.missing.value:
                yield fact.missing.what
            if not fact.easy:
                yield f"{fact.id}: svaret med lätta ord (simple)"
        for role in self.roles.values():
            if not self.word_for(role):
                yield f"{role.title}: vad ordet betyder, för den som vill ha lätta ord (glossary)"
        if not self.unit.phone:
            yield f"telefonnummer till {self.unit.name}"
        if not self.unit.email:
            yield f"e-postadress till {self.unit.name}"
        if not self.unit.human:
            yield "vart den kan vända sig som vill prata med en människa"
        for person in self.people.values():
            if person.lacks:
                yield f"{person.name}: {', '.join(_LABELS[field] for field in person.lacks)}"
