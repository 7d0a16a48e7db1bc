"""Say a phrase of the bot's own."""

from __future__ import annotations

from typing import Final

from actions.turn import KnowledgeAction, Turn, filled, one_of
from bot.dialogue.memory import RECALL
from bot.settings import settings

_PRIVACY: Final = "privacy"
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
        is_collecting = phrase == f"utter_{_PRIVACY}" and settings().collect_questions
        turn.say_phrase(phrase, "utter_privacy_collecting" if is_collecting else "")


def _recall(turn: Turn, phrase: str) -> None:
    """Name the topic that was asked about before, and offer to tell it again."""
    known, topics, which = turn.knowledge, turn.ask.topics, phrase.removeprefix(_RECALLED)
    aspects = [found for topic in topics if (found := turn.aspects(topic))]
    nouns = list(dict.fromkeys(filled(one.noun, turn.people) for one in aspects if one.noun))
    buttons = [
        *(known.button(topic) for topic in topics if topic in known.questions),
        *(known.button("contact_person", one.id) for one in turn.people),
    ]
    if nouns:
        turn.say(f"utter_recalled_{which}", buttons, noun=one_of(nouns, "och"))
    else:
        turn.say("utter_recalled_outside" if topics else "utter_recalled_nothing")
