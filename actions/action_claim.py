"""Say yes or no to a claim, or that the page does not settle it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from actions import telling
from actions.turn import KnowledgeAction, Turn, raised
from bot.dialogue.claim_model import PAGE_LACKS
from bot.dialogue.decision import UNCLEAR, UNSAID
from bot.dialogue.memory import PERSON
from bot.dialogue.title_words import asks_which, denies
from bot.dialogue.titles import TitleOf
from bot.knowledge import Claim, Person, Role

# Of more people than this, who has the role is another question than who has not.
_A_FEW: Final = 3
# In words: of a longer message, what is denied may be something else.
_LONGEST_DENIAL: Final = 8
_OF_PEOPLE: Final = ("amount", "list", "what", "who", "title")
_GENERAL: Final = ("is", "can", "other", UNCLEAR)


class ActionClaim(KnowledgeAction):
    """Answers with yes, no, or what the page says about it and that it says no more."""

    def name(self) -> str:
        """Return the name that the policy uses."""
        return "action_claim"

    def answer(self, turn: Turn) -> None:
        """Answer claims of titles, else one about the topic."""
        people = turn.people
        role = turn.knowledge.roles.get(next(iter(turn.ask.topics), ""))
        if turn.decision.titles:
            _say_who_is(turn, turn.decision.titles)
        elif people and turn.ask.facet in ("phone", "email"):
            telling.ways(turn, people, (turn.ask.facet,))
        elif turn.decision.claim == PAGE_LACKS:
            _say_that_it_lacks(turn)
        elif claim := turn.knowledge.claims.get(turn.decision.claim):
            _say_whether(turn, claim)
        elif turn.decision.truth == UNSAID and _is_not_told(turn):
            return
        elif role and (turn.entities("role") or turn.ask.facet in _OF_PEOPLE):
            telling.role(turn, role)
        elif next(iter(turn.ask.topics), "") == "contact_all" and turn.ask.facet in _OF_PEOPLE:
            telling.everybody(turn)
        else:
            _unsettled(turn)


def _say_whether(turn: Turn, claim: Claim) -> None:
    """Say yes or no and why, or only what the page says where the claim is no more than near."""
    because, topic = (
        turn.filled(claim.because, turn.people),
        turn.knowledge.topic_of_claim[claim.id],
    )
    buttons = turn.ways_from(topic)
    again = "_again" if turn.was_told(claim.id) else ""
    turn.told.append(claim.id)
    if turn.decision.truth == UNSAID:
        if telling.says_what_lacks(turn, because) and not telling.may_help(turn, because):
            telling.whom(turn, buttons)
            return
        is_whole = turn.ask.act == "pick"
        turn.say(f"utter_told{again}", [] if is_whole else buttons, text=f"{raised(because)}.")
        if is_whole:
            turn.say("utter_no_more_of_it", buttons)
        return
    turn.say(f"utter_claim_{_kind(turn)}", buttons, because=because)


def _say_that_it_lacks(turn: Turn) -> None:
    """Say that the page does leave out what was asked before."""
    topic = next(iter(turn.ask.topics))
    aspects = turn.aspects(topic)
    left = (aspects and aspects.left_out(str(turn.ask.facet))) or ""
    buttons = turn.ways_on("contact_topic", "contact_all")
    turn.say("utter_lacks", buttons, what=turn.filled(left, turn.people))


def _is_not_told(turn: Turn) -> bool:
    """Say that the page is likely not to tell what is asked, and what it tells of its words."""
    topic = next(iter(turn.ask.topics), "unit")
    is_of_people = topic == "contact_all" or topic in turn.knowledge.roles
    if not turn.missing and not is_of_people:
        return False
    return telling.says_just_that(turn, turn.aspects(topic), turn.ways_from(topic))


def _unsettled(turn: Turn) -> None:
    """Tell what is nearest to the claim, and that the page says no more."""
    people, ask = turn.people, turn.ask
    topic = PERSON + people[0].id if people else next(iter(ask.topics), "unit")
    facet = ask.facet or "is"
    if topic == "unit" and facet in _GENERAL:
        telling.not_on_the_page(turn)
        return
    key = f"{topic}.{facet}.claim"
    turn.told.append(key)
    aspects = turn.aspects(topic)
    again = "_again" if turn.was_told(key) else ""
    left = aspects.left_out(facet) if aspects else None
    # What is left out by name needs nothing else of the topic beside it.
    is_named = facet not in _GENERAL and left and aspects and not aspects.told(facet)
    told = telling.nearest(turn, aspects, facet) if aspects and not is_named else None
    buttons = turn.ways_from(topic)
    if facet == UNCLEAR and not told and telling.says_just_that(turn, aspects, buttons):
        return
    for person in people:
        title = person.title.lower()
        turn.show("utter_only_title", [person], name=person.name, title=title)
    is_lacking = telling.says_what_lacks(turn, told, left)
    if told and not people and not again:
        # Near enough to what the page says, but not surely the same.
        utterance = "utter_told" if turn.decision.truth != UNSAID else "utter_told_instead"
        turn.say(utterance, text=turn.filled(told, people))
    offered = buttons if again else []
    if is_lacking and (facet in _GENERAL or not left):
        telling.whom(turn, buttons)
        return
    if left and not people:
        turn.say(f"utter_left_out{again}", offered, what=raised(turn.filled(left, people)))
    elif people or (told and not again):
        turn.say("utter_no_more_of_it", offered)
    else:
        turn.say(f"utter_unsettled{again}", offered)
    if not again:
        telling.whom(turn, buttons)


def _say_who_is(turn: Turn, said: Sequence[TitleOf]) -> None:
    """Say yes or no to claims of titles, and who has the title that one person has not."""
    knowledge = turn.knowledge
    claimed = [(knowledge.people[one.person], knowledge.roles[one.role]) for one in said]
    people = list({person.id: person for person, _ in claimed}.values())
    buttons = turn.ways_on("contact_all", "contact_topic")
    if asks_which(turn.text, [(e["start"], e["end"]) for e in turn.entities("role") if "end" in e]):
        for person in people:
            turn.show("utter_role_one", [person], name=person.name, title=person.title.lower())
        turn.say("utter_anything_else", buttons)
        return
    wrong = [one for one in people if any(one is p and not _has(turn, p, r) for p, r in claimed)]
    for person in wrong:
        utterance = "utter_claim_false" if person is wrong[0] else "utter_role_one"
        turn.show(utterance, [person], name=person.name, title=person.title.lower())
    right = [(person, role) for person, role in claimed if person not in wrong]
    _say_what_is_right(turn, right, is_all=not wrong)
    role = claimed[0][1]
    if wrong and len(people) == 1 and len(knowledge.with_role(role)) <= _A_FEW:
        telling.role(turn, role)
    else:
        turn.say("utter_anything_else", buttons)


def _has(turn: Turn, person: Person, role: Role) -> bool:
    return person in turn.knowledge.with_role(role)


def _say_what_is_right(turn: Turn, right: Sequence[tuple[Person, Role]], is_all: bool) -> None:
    """Say who has which role as claimed; with a yes before, if all is."""
    yes = "utter_claim_true_after_all" if denies(turn.text) else "utter_claim_true"
    for number, role in enumerate({role.id: role for _, role in right}.values()):
        same = [person for person, of in right if of is role]
        title = role.title if len(same) == 1 else role.plural
        names = turn.one_of([person.name for person in same], "and")
        if is_all and number == 0:
            turn.show(yes, same, names=names, title=title.lower())
        else:
            turn.show("utter_role_one", same, name=names, title=title.lower())


def _kind(turn: Turn) -> str:
    """Return how it is said: "Ja", or "Jo" to a denial; "Nej" answers both ways of asking."""
    truth, text = turn.decision.truth, turn.text
    is_denied = denies(text) and len(text.split()) <= _LONGEST_DENIAL
    return "yes_after_all" if truth == "yes" and is_denied else truth
