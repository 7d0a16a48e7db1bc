"""Whom and what a message refers to: names, titles, "hon", "de", "den andra"."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Final

from rasa_sdk.events import EventType

from actions.turn import FIELDS, KnowledgeAction, Turn, ask_about
from bot.knowledge import Fact, Person

# When the last answer was about more people than this, a bare "numret?" is about the unit.
_A_FEW: Final = 3

# More buttons than this are a list to read; then the visitor is asked for the full name.
_CHOICES: Final = 4
OF_A_PERSON: Final = (*FIELDS, "contact_person")

# Answers that what comes next, a few words that are unclear by themselves, is still about.
DISTRESS: Final = ("emergency", "unwell", "worried")
STAYING: Final = ("local", *DISTRESS)
_FEW_WORDS: Final = 8
# "Kan ni ta bort den?", "vem bestämmer då?", "och på lördag?": clear words, but of that matter.
_OF_THE_MATTER: Final = re.compile(
    r"\W*(?:men |så |och )*(?:kan|får|ska|går|vem|vart|var|hur)\b"
    r"(?!.*\b(?:gör|jobbar|arbetar|är ni)\b)"
    r".*\b(?:det|den|dem|dom|henne|honom|dit|där|då)\b"
    r"|\W*(?:men |så )*kan (?:ni|du) (?:inte )?hjälpa\b"
    r"|\W*och (?:på|i|om) \w+(?: då)?\W*$",
    re.IGNORECASE,
)

# "Varför då?", "Vilka kommuner?", "och när går nästa?": asks on about what was said.
_ASKS_ON: Final = re.compile(
    r"\W*(?:och |men )?(?:va|vem|vilk|hur|när|på vilk)\w*(?: \w+){0,2}\W*$", re.IGNORECASE
)
# "Kostar det något att gå på dem?", "var anmäler man sig då?"
_ASKS_ABOUT_IT: Final = re.compile(
    r"(?=.*\b(?:det|den|de|dem|dom|dit|där|man|sån|sådan|sådant|sådana)\b)"
    r"\W*(?:och |men )?(?:va|vem|vilk|hur|när|kan|får|kostar|finns|går|handlar|är|har|gäller|ingår)"
    r"\w*(?:\W+\w+){1,7}\W*$"
    r"|\W*(?:men )?(?:varför|hur då|hurdå|hur så)(?: det| då)?\W*$",
    re.IGNORECASE,
)
_HOW_MANY: Final = re.compile(
    r"\W*(?:och |men )?hur många(?: (?:är|e|ä|blir|var|har|finns))?(?: (?:det|de|dem|dom|ni))*"
    r"(?: då| totalt)?\W*$",
    re.IGNORECASE,
)
# "Vem har beslutat om den?" after a fact is not about our head.
_WHO_DID: Final = re.compile(
    r"\W*(?:och |men |så )?(?:vem|vilka)\b(?: har)? "
    r"(?:beslut|bestäm|gjort|gjorde|skriv|skrev|antag|antog|tagit fram|ligger bakom|står bakom)\w*"
    r"(?: om| fram)?(?: (?:den|det|dem|dom|de|då))*\W*$",
    re.IGNORECASE,
)
# "Finns det fler?" after a fact is not about the staff.
_OTHERS: Final = re.compile(
    r"\W*(?:och |men )?(?:finns det|är det|har ni) (?:några |någon |nåt |nån )?(?:fler|flera|andra)"
    r"(?: än (?:så|dem|dom|de|det))?(?: då| också)?\W*$",
    re.IGNORECASE,
)

# "Vilka andra finns?" after some of the staff means the rest of them.
_THE_REST: Final = re.compile(
    r"\W*(?:och |men )?vilka (?:är de |är )?(?:andra|övriga|fler|flera)\b(?: \w+){0,3}\W*$",
    re.IGNORECASE,
)
# "Vem av dem är chef?"
_OF_THEM: Final = re.compile(r"\bav (?:dem|dom|de)\b", re.IGNORECASE)

# "Vem är chef där?" after a fact about another organisation.
_THERE: Final = re.compile(r"\b(?:där|dit|den|de|dem|dom|deras|dess)\b", re.IGNORECASE)

# "de två" are both, "den andra av dem" is one.
_THE_TWO: Final = re.compile(r"\b(?:de|dem|dom) (?:två|2|tre|3)\b", re.IGNORECASE)
_ANOTHER_TOPIC: Final = re.compile(
    r"(?:och|men|o|å)?\s*(?:om|för|kring|gällande|(?:när det|vad) gäller|angående)\b", re.IGNORECASE
)

# "Har projektledaren något?", "och projektledaren då?" after somebody's number.
_THE_SAME: Final = re.compile(
    r"(?:och |men |å |o )?(?:(?:har|finns)\b(?: [\w-]+){1,4}|[\w-]+ då)\W*$"
    r"|(?:och|men|å|o) [\w-]+\W*$",
    re.IGNORECASE,
)

_CARDINAL: Final = re.compile(r"\d|ett|två|tre|fyra|fem", re.IGNORECASE)
# Around a number that chooses: nothing but "nummer 2 tack", or "den" just before.
_NUMBERED: Final = re.compile(
    r"^\W*(?:(?:ta|tar|välj|jag tar|nummer|nr|alternativ|punkt)\s+)*\n\W*(?:tack|då)?\W*$"
    r"|\b(?:nummer|nr|alternativ|punkt|den|det)\s+\n",
    re.IGNORECASE,
)
_THE: Final = re.compile(r"\bde[nt]\s+$", re.IGNORECASE)


class PeopleAction(KnowledgeAction):
    """An action about people, which asks back when it is unclear who is meant."""

    def answer(self, turn: Turn) -> list[EventType]:
        """Answer about whom the message names or points back to."""
        people = unclear(turn)
        if not people:
            return self.answer_about(turn, meant(turn))
        if len(people) > _CHOICES:
            turn.say("utter_whom", turn.ways_on("contact_all"))
        else:
            intent = question_about_people(turn)
            buttons = [turn.knowledge.button(intent, person.id) for person in people]
            turn.say("utter_which_person", buttons)
        return []

    @abstractmethod
    def answer_about(self, turn: Turn, people: list[Person]) -> list[EventType]:
        """Reply, and return the events that follow."""


def question_about_people(turn: Turn) -> str:
    """Return what is asked about people: by this message, else by the last one."""
    asked = (turn.intent, turn.last_question())
    return next((intent for intent in asked if intent in OF_A_PERSON), "contact_person")


def same_question_about(turn: Turn, people: list[Person]) -> list[EventType]:
    """Return events that ask the last question about these people, or who they are."""
    return ask_about(question_about_people(turn), people)


def named(turn: Turn) -> list[Person]:
    """Return the people that the message names, or whose title it names.

    "Är hon chef?" is about her, "chefen, har hon nummer?" about the head.
    """
    people = {person.id: person for group in _groups(turn) for person in group}
    if people or asks_whether_a_stranger_is(turn):
        return list(people.values())
    roles = [turn.knowledge.roles.get(f"role_{title}") for title in _titles(turn)]
    return [person for role in roles if role for person in turn.knowledge.with_role(role)]


def asks_whether_a_stranger_is(turn: Turn) -> bool:
    """Tell whether the message asks if somebody who is not here has a role: "Är Lisa Ek chef?"."""
    is_named = turn.entities("other_person") and not turn.entities("person")
    return bool(is_named) and turn.is_claim


def meant(turn: Turn) -> list[Person]:
    """Return the people that the message names or points back to; nobody means the unit."""
    if people := named(turn):
        return people
    if turn.entities("other_person"):
        return []
    if _names_a_place(turn) and (one := pointed_at(turn, turn.focus())):
        return [one]
    if turn.entities("group"):
        several = _several(turn)
        one = None if _THE_TWO.search(turn.text) else pointed_at(turn, several)
        return [one] if one else several
    if turn.entities("pronoun"):
        return turn.focus() or turn.mentioned()[:1]
    if turn.entities("unit") or len(turn.focus()) > _A_FEW:
        return []
    return turn.focus()


def points_back(turn: Turn) -> bool:
    """Tell whether "hon" or "de" stands for people that the conversation knows."""
    return bool(turn.entities("pronoun") or turn.entities("group")) and bool(meant(turn))


def unclear(turn: Turn) -> list[Person]:
    """Return the people among whom the message does not tell: two Annas, "hon" of two."""
    if turn.entities("person"):
        return next((group for group in _groups(turn) if len(group) > 1), [])
    focus = turn.focus()
    if turn.entities("pronoun") and len(focus) > 1 and not named(turn):
        return [] if pointed_at(turn, focus) else focus
    return []


def named_where(turn: Turn) -> list[tuple[int, list[Person]]]:
    """Return the people of each name in the message, and where it stands."""
    return [
        (place if isinstance(place, int) else 0, group) for place, group in _by_place(turn).items()
    ]


def pointed_back_to(turn: Turn) -> list[Person]:
    """Return the people that "hon" or "de" points back to."""
    if turn.entities("group"):
        return _several(turn)
    return (turn.focus() or turn.mentioned()[:1]) if turn.entities("pronoun") else []


def the_other(turn: Turn) -> Person | None:
    """Return who was spoken of before the one whom the last answer was about."""
    focus = turn.focus()
    return next((person for person in turn.mentioned() if person not in focus), None)


def pointed_at[One](turn: Turn, choices: list[One], after: One | None = None) -> One | None:
    """Return which of the choices an ordinal means; "nästa" is the one after `after`."""
    for value in ordinals(turn):
        if value.isdigit() and 1 <= int(value) <= len(choices):
            return choices[int(value) - 1]
        if value == "last" and choices:
            return choices[-1]
        if value == "middle" and len(choices) % 2:
            return choices[len(choices) // 2]
        if value == "next" and after in choices[:-1]:
            return choices[choices.index(after) + 1]
    return None


def ordinals(turn: Turn) -> list[str]:
    """Return what the message points at by number; "alla tre" and "2+2" point at nothing."""
    return [
        str(e["value"])
        for e in turn.message_entities
        if e["entity"] == "ordinal"
        and (
            not _CARDINAL.fullmatch(turn.text[e.get("start", 0) : e.get("end", 0)])
            or _NUMBERED.search(turn.text[: e["start"]] + "\n" + turn.text[e["end"] :])
        )
    ]


def points_into_a_list(turn: Turn) -> bool:
    """Tell whether a few words with an ordinal mean one of the people listed last."""
    people = [payload for payload in turn.listed() if payload.startswith("/contact_person")]
    return len(turn.text.split()) <= _A_FEW + 1 and pointed_at(turn, people) is not None


def names_another_topic(turn: Turn) -> bool:
    """Tell whether "och om läsning?" goes on asking whom to contact."""
    return turn.last_question() == "contact_topic" and bool(_ANOTHER_TOPIC.match(turn.text))


def asks_for_the_same(turn: Turn) -> bool:
    """Tell whether a few words ask whether others have what the last question was about."""
    return turn.last_question() in FIELDS and bool(_THE_SAME.match(turn.text))


def asks_which_of_them(turn: Turn) -> list[Person]:
    """Return among whom the message asks for one: "Vem av dem är chef?"."""
    return _several(turn) if turn.entities("group") and _OF_THEM.search(turn.text) else []


def means_another(turn: Turn) -> bool:
    """Tell whether "chefen där" is of the organisation that was told of, not of the unit."""
    told = turn.knowledge.facts.get(turn.last_question() or "")
    another, _, _ = turn.knowledge.unit.instead.partition(",")
    is_of_it = told is not None and told.statement.startswith(another)
    of_us = turn.entities("unit") or turn.entities("person")
    return is_of_it and not of_us and bool(_THERE.search(turn.text))


def asks_for_the_rest(turn: Turn) -> bool:
    """Tell whether "vilka andra finns?" means those of the staff who were not named."""
    return answered_about_people(turn) and bool(_THE_REST.match(turn.text))


def answered_about_people(turn: Turn) -> bool:
    """Tell whether the last answer was about one or more of our people."""
    last = turn.last_question()
    of_people = (*OF_A_PERSON, "contact_all", "contact_topic")
    return last in turn.knowledge.roles or last in of_people


def asks_how_many(turn: Turn) -> bool:
    """Tell whether "hur många är det?" means the people of the last answer, who are counted."""
    about_several = turn.last_question() not in OF_A_PERSON and answered_about_people(turn)
    return about_several and bool(_HOW_MANY.match(turn.text))


def counts_something_else(turn: Turn, fact: Fact) -> bool:
    """Tell whether "hur många är det?" means what the last answer was about, not this fact."""
    last = turn.last_question()
    if not last or not _HOW_MANY.match(turn.text):
        return False
    told = turn.knowledge.facts.get(last)
    near = {fact.id, *fact.lists, *fact.follow_ups}
    return last not in near and not (told and told.lists and told.lists == fact.lists)


def asks_on(turn: Turn) -> bool:
    """Tell whether a few words ask for more about the fact that was told last."""
    return asks_about_it(turn) or _after_a_fact(turn, _ASKS_ON)


def asks_about_it(turn: Turn) -> bool:
    """Tell the same more strictly: "det", "dem" or "man" must point at the fact."""
    return _after_a_fact(turn, _ASKS_ABOUT_IT)


def asks_who_did_it(turn: Turn) -> bool:
    """Tell whether "vem har beslutat om den?" means what another fact has told."""
    return turn.last_question() != turn.intent and _after_a_fact(turn, _WHO_DID)


def asks_on_what_is_missing(turn: Turn) -> bool:
    """Tell whether "hur anmäler man sig då?" follows an answer that the page does not tell."""
    return turn.last_question() == "unit_missing" and bool(_ASKS_ABOUT_IT.match(turn.text))


def asks_for_others(turn: Turn) -> bool:
    """Tell whether "finns det fler?" means others like the fact that was told last."""
    return _after_a_fact(turn, _OTHERS)


def _after_a_fact(turn: Turn, words: re.Pattern[str]) -> bool:
    return turn.last_question() in turn.knowledge.facts and bool(words.match(turn.text))


def still_about(turn: Turn) -> str | None:
    """Return what a few words go on about: "vem ringer jag då?" about the local library."""
    last = turn.last_question()
    of_us = turn.entities("unit") and last not in DISTRESS  # "Kan ni ringa åt mig?"
    goes_on = len(turn.text.split()) <= _FEW_WORDS and not of_us
    stays = last in STAYING and not turn.is_beside_care
    return last if stays and goes_on and not named(turn) else None


def goes_on_about(turn: Turn) -> str | None:
    """Return the same for words that mean something else by themselves."""
    last = turn.last_question()
    short = len(turn.text.split()) <= _FEW_WORDS and not named(turn)
    stays = last in STAYING and not turn.is_beside_care
    return last if stays and short and _OF_THE_MATTER.match(turn.text) else None


def _names_a_place(turn: Turn) -> bool:
    """Tell whether an ordinal stands for somebody: "den sista", but not "ett nummer"."""
    ordinals = [e for e in turn.message_entities if e["entity"] == "ordinal"]
    return any(_THE.search(turn.text[: e.get("start", 0)]) for e in ordinals)


def _groups(turn: Turn) -> list[list[Person]]:
    """Return for each name in the message whom it fits, narrowed by the conversation."""
    return list(_by_place(turn).values())


def _by_place(turn: Turn) -> dict[object, list[Person]]:
    """Return the same by where the name stands, or by the person where that is not known."""
    by_place: dict[object, list[Person]] = {}
    for entity in turn.message_entities:
        person = turn.knowledge.people.get(str(entity["value"]))
        if entity["entity"] == "person" and person:
            by_place.setdefault(entity.get("start", person.id), []).append(person)
    known = turn.mentioned()
    return {
        place: group if len(group) == 1 else [p for p in group if p in known][:1] or group
        for place, group in by_place.items()
    }


def _titles(turn: Turn) -> list[str]:
    """Return the titles that the message names before any pronoun."""
    kinds = [entity["entity"] for entity in turn.message_entities]
    before = kinds.index("pronoun") if "pronoun" in kinds else len(kinds)
    titles = [e["value"] for e in turn.message_entities[:before] if e["entity"] == "role"]
    return list(dict.fromkeys(titles))


def _several(turn: Turn) -> list[Person]:
    """Return whom "de" means: those of the last answer or list, or the last two spoken of."""
    focus, mentioned = turn.focus(), turn.mentioned()
    if not focus and (listed := _people_listed(turn)):
        return listed
    return focus if len(focus) > 1 or len(mentioned) < 2 else mentioned[1::-1]


def _people_listed(turn: Turn) -> list[Person]:
    """Return the people of the last list, if it was the last answer."""
    if turn.last_question() not in ("contact_all", "contact_topic"):
        return []
    listed = set(turn.listed())
    return [p for p in turn.knowledge.people.values() if turn.about_each([p])[0] in listed]
