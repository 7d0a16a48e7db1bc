"""Tell facts, people, roles and ways to reach them, for every action that does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rasa_sdk.events import EventType, SlotSet

from actions.decided import remember_said
from actions.turn import FIELDS, Button, Turn, bullets, one_of
from bot.knowledge import Fact, Person, Role, Unit

# A longer list is no answer; then those are named whom anybody can turn to.
_MOST: Final = 40
# More names than this are counted.
_NAMED: Final = 4


def fact(turn: Turn, told: Fact) -> list[EventType]:
    """Tell a fact and offer what follows it."""
    texts = [told.statement.strip(), *([told.lacks] if told.lacks else [])]
    turn.tell("\n".join(texts), told.id, turn.ways_on(*told.follow_ups))
    listed = [f"/{name}" for name in told.lists] or None
    remembered = turn.remember(people=[], listed=listed)
    return [*remembered, SlotSet("question", told.id), *remember_said(f"{told.id}.what")]


def people(turn: Turn, about: Sequence[Person]) -> list[EventType]:
    """Tell who people are, and what they are responsible for."""
    unit = turn.knowledge.unit.name
    for person in about:
        title = person.title.lower()
        turn.show("utter_person", [person], title=title, name=person.name, unit=unit)
        if person.areas:
            turn.say("utter_person_areas", areas=", ".join(person.areas))
    reached = [one for one in about if one.phone or one.email]
    for person in reached:
        for field in FIELDS.values():
            if value := getattr(person, field):
                turn.say(f"utter_{field}", name=person.name, value=value)
    turn.say("utter_anything_else", turn.ways_on("contact_all", "contact_topic"))
    listed = turn.about_each(about) if len(about) > 1 else None
    remembered = turn.remember(people=about, listed=listed)
    return [
        *remembered,
        SlotSet("question", "contact_person"),
        *remember_said(f"{about[0].id}.what"),
    ]


def role(turn: Turn, asked: Role) -> list[EventType]:
    """Tell who has a role."""
    with_role = turn.knowledge.with_role(asked)
    buttons = turn.ways_on(*asked.follow_ups, about=with_role)
    title = asked.title.lower()
    if not with_role:
        turn.say("utter_role_nobody", buttons, title=title)
    elif len(with_role) == 1:
        name = with_role[0].name
        turn.show("utter_role_one", with_role, name=name, title=title, buttons=buttons)
    else:
        names = bullets(person.name for person in with_role)
        plural, count = asked.plural.lower(), len(with_role)
        turn.show(
            "utter_role_many", with_role, count=count, plural=plural, people=names, buttons=buttons
        )
    listed = turn.about_each(with_role) if len(with_role) > 1 else []
    remembered = turn.remember(people=with_role, listed=listed)
    return [*remembered, SlotSet("question", asked.intent), *remember_said(asked.intent)]


def everybody(turn: Turn) -> list[EventType]:
    """List all people with their titles, if they are not too many to read."""
    count = len(turn.knowledge.people)
    is_short = count <= _MOST
    listed = [*turn.knowledge.people.values()] if is_short else turn.knowledge.to_turn_to()
    lines = bullets(f"{person.name}, {person.title.lower()}" for person in listed)
    utterance = "utter_everybody" if is_short else "utter_everybody_many"
    turn.show(utterance, listed, count=count, people=lines)
    turn.say_how_to_reach(listed, "contact_topic", "help")
    remembered = turn.remember(people=[], listed=turn.about_each(listed))
    return [*remembered, SlotSet("question", "contact_all"), *remember_said("contact_all")]


def whom_to_turn_to(turn: Turn, noun: str = "") -> list[EventType]:
    """Name those responsible for what the message is about, or say that it is unknown.

    The noun is that of the topic, where the message only points back to it.
    """
    known = turn.knowledge.responsible_for(f"{turn.text} {noun}")
    if known:
        names = [f"{person.name}, {person.title.lower()}," for person in known]
        buttons = turn.ways_on("contact_phone", "contact_email")
        turn.show("utter_topic_known", known, people=one_of(names, "och"), buttons=buttons)
        return turn.remember(people=known)
    to_turn_to = turn.knowledge.to_turn_to()
    turn.show("utter_topic_unknown", to_turn_to, people=bullets(_by_title(turn)))
    turn.say_how_to_reach(to_turn_to, "contact_all", "help")
    listed = turn.about_each(to_turn_to)
    remembered = turn.remember(people=turn.knowledge.first_to_turn_to(), listed=listed)
    return [*remembered, SlotSet("question", "contact_topic")]


def _by_title(turn: Turn) -> list[str]:
    """Return "Enhetschef: a" and "Konsulenter: b, c", a line each."""
    lines = []
    for role_id in turn.knowledge.unit.turn_to:
        has = turn.knowledge.roles[f"role_{role_id}"]
        names = [person.name for person in turn.knowledge.with_role(has)]
        if names:
            title = has.title if len(names) == 1 else has.plural
            lines.append(f"{title}: {one_of(names, 'och')}")
    return lines


def ways(turn: Turn, about: Sequence[Person], fields: Sequence[str]) -> list[EventType]:
    """Give telephone numbers and addresses of people, or of the unit, or say what is missing."""
    asked: list[Person | Unit] = [*about] or [turn.knowledge.unit]
    for field in fields:
        for one in asked:
            if value := getattr(one, field):
                turn.show(f"utter_{field}", about, name=one.name, value=value)
        lacking = [one.name for one in asked if not getattr(one, field)]
        if lacking:
            count = len(lacking)
            many = "_many" if count > _NAMED else "_several" if count > 1 else ""
            names = one_of(lacking, "och")
            turn.show(f"utter_{field}_missing{many}", about, name=names, count=count)
    _other_ways(turn, asked, fields)
    question = next(intent for intent, field in FIELDS.items() if field == fields[0])
    return [*turn.remember(people=about), SlotSet("question", question)]


def _other_ways(turn: Turn, asked: Sequence[Person | Unit], fields: Sequence[str]) -> None:
    """Say the next best way: the other address, or where to turn instead."""
    lacking = [one for one in asked if not any(getattr(one, field) for field in fields)]
    others = [(one, way) for one in lacking for way in FIELDS.values() if getattr(one, way)]
    for one, way in others:
        turn.say(f"utter_{way}", name=one.name, value=getattr(one, way))
    buttons = turn.ways_on("contact_topic", "contact_all")
    if others or not lacking:
        turn.say("utter_anything_else", buttons)
    else:
        turn.say("utter_instead", buttons, instead=turn.knowledge.unit.instead)


def not_on_the_page(turn: Turn) -> list[EventType]:
    """Say that the page does not tell, and remember that nobody was spoken of."""
    say_not_on_the_page(turn)
    return [*turn.remember(people=[]), SlotSet("question", "unit_missing")]


def say_not_on_the_page(turn: Turn) -> None:
    """Say that the page does not tell, and whom to ask."""
    to_turn_to = turn.knowledge.first_to_turn_to()
    names = [f"{person.title.lower()} {person.name}" for person in to_turn_to]
    turn.say(
        "utter_not_on_the_page",
        turn.ways_on("contact_topic", "contact_all", "help"),
        whom=one_of(names, "eller") if names else turn.knowledge.unit.name,
        instead=turn.knowledge.unit.instead,
    )


def knows_whom(turn: Turn) -> bool:
    """Tell whether there is somebody to ask what the page leaves out."""
    return bool(turn.knowledge.first_to_turn_to())


def whom(turn: Turn, buttons: Sequence[Button]) -> None:
    """Say whom to ask what the page leaves out."""
    to_turn_to = turn.knowledge.first_to_turn_to()
    names = [f"{person.title.lower()} {person.name}" for person in to_turn_to]
    turn.say("utter_ask_instead", buttons, whom=one_of(names, "eller"))
