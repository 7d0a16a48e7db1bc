"""Say a phrase of the bot's own."""

from __future__ import annotations

from typing import Final

from actions.turn import KnowledgeAction, Turn
from bot.dialogue.memory import RECALL
from bot.language.languages import ENGLISH, SWEDISH
from bot.settings import settings

_PRIVACY: Final = "privacy"
_FOREIGN: Final = "foreign"
_RECALLED: Final = "utter_recalled_"


class ActionSay(KnowledgeAction):
    """Utters the phrase that was decided on, else the one that is named after the intent."""

    def name(self) -> str:
        """Return the name that the policy and the rules use."""
        return "action_say"

    def answer(self, turn: Turn) -> None:
        """Utter it, in other words when it has just been said."""
        phrase = turn.decision.phrase or f"utter_{turn.intent}"
        if turn.ask.act == RECALL:
            _recall(turn, phrase)
            return
        if turn.intent == _FOREIGN and not turn.decision.phrase:
            _in_their_language(turn)
        is_collecting = phrase == f"utter_{_PRIVACY}" and settings().collect_questions
        turn.say_phrase(phrase, "utter_privacy_collecting" if is_collecting else "")


def _in_their_language(turn: Turn) -> None:
    """Say what languages are answered: in the visitor's own where it is known, and in Swedish."""
    if turn.language == ENGLISH or not turn.is_english:
        return
    own = f"utter_foreign_{turn.language}"
    if turn.has_phrase(own):
        turn.say_in(own, turn.language)
    turn.say_in("utter_foreign", SWEDISH)


def _recall(turn: Turn, phrase: str) -> None:
    """Name the topic that was asked about before, and offer to tell it again."""
    known, topics, which = turn.knowledge, turn.ask.topics, phrase.removeprefix(_RECALLED)
    aspects = [found for topic in topics if (found := turn.aspects(topic))]
    nouns = list(dict.fromkeys(turn.filled(one.noun, turn.people) for one in aspects if one.noun))
    buttons = [
        *(known.button(topic) for topic in topics if topic in known.questions),
        *(known.button("contact_person", one.id) for one in turn.people),
    ]
    if nouns:
        turn.say(f"utter_recalled_{which}", buttons, noun=turn.one_of(nouns, "and"))
    else:
        turn.say("utter_recalled_outside" if topics else "utter_recalled_nothing")
