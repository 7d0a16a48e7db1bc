"""Utter a phrase of the bot's own."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import EventType

from actions.reference import (
    DISTRESS,
    STAYING,
    asks_about_it,
    asks_on_what_is_missing,
    goes_on_about,
    still_about,
)
from actions.turn import KnowledgeAction, Turn
from bot.settings import settings

# "Hur blir vädret?" after an answer is not about it, so clearly does it lie outside.
_CLEAR: Final = 0.95
# What begins anew with buttons of its own.
_MENUS: Final = ("greet", "help")
_OF_SOMEBODY: Final = re.compile(r"\b(?:jag|mig|vi|oss|han|hon|dom|de)\b", re.IGNORECASE)
# Whoever says so has no other question.
_ENDING: Final = ("thanks", "goodbye")
# "Vad heter den?" asks for the name of what was told last, not of the bot.
_ITS_NAME: Final = re.compile(
    r"\W*(?:och |men )?v(?:ad|a|em)? heter (?:den|det|de|dem|dom|hon|han)\b", re.IGNORECASE
)
# "Jag vill sälja in ett författarbesök. Vem talar jag med?" does not ask who the bot is.
_WHOM: Final = re.compile(r"\bvem (?:talar|pratar|snackar) (?:jag|vi|man) med\b", re.IGNORECASE)
_LONGEST_GREETING: Final = 7
_FOREIGN: Final = "foreign"
_DANGER: Final = "emergency"
_SOFTER: Final = ("unwell", "worried")


class ActionPhrase(KnowledgeAction):
    """Utters the phrase of domain.yml that is named after the intent."""

    def name(self) -> str:
        """Return the name that the rules use."""
        return "action_phrase"

    def answer(self, turn: Turn) -> list[EventType]:
        """Utter it."""
        if turn.intent in _SOFTER and turn.last_question() == _DANGER:
            turn.further = []
            return turn.take_as(_DANGER)  # Who is in danger may sound only sad.
        was_in_danger = turn.last_question() in DISTRESS
        if was_in_danger and turn.intent in (*_ENDING, "apology"):  # "Jag skojade bara."
            turn.say("utter_emergency_ending")
            return []
        if turn.intent == _FOREIGN and turn.entities("person"):  # "Is Sara Tröen the head?"
            turn.say("utter_foreign_person")
            return turn.take_as("contact_person")
        is_clear = turn.confidence >= _CLEAR
        is_unclear = turn.intent == "oos" and not is_clear
        unclear = (is_unclear or was_in_danger) and still_about(turn)
        # "Kan jag gömma mig på biblioteket?" is no local matter then.
        is_hiding = was_in_danger and not is_clear and _OF_SOMEBODY.search(turn.text)
        is_local = turn.intent in STAYING and not is_hiding
        stays = turn.intent in DISTRESS or is_local
        if not stays and (matter := unclear or goes_on_about(turn)):
            return turn.take_as(matter)
        if is_unclear and asks_about_it(turn):
            return turn.take_as("more")
        if turn.intent == "oos" and asks_on_what_is_missing(turn):
            return turn.take_as("unit_missing")
        if turn.intent == "bot_name" and turn.last_question() and _ITS_NAME.match(turn.text):
            return turn.take_as("contact_person" if turn.focus() else "unit_missing")
        if turn.intent == "bot_challenge" and _WHOM.search(turn.text):
            has_matter = len(turn.text.split()) > _LONGEST_GREETING
            if has_matter or turn.last_question() in turn.knowledge.facts:
                return turn.take_as("contact_topic")
        if turn.intent == "privacy" and settings().collect_questions:
            turn.say("utter_privacy_collecting")
            return []
        again = turn.intent == turn.last_question() and turn.intent in STAYING
        turn.say(f"utter_{turn.intent}_again" if again else f"utter_{turn.intent}")
        if turn.intent in STAYING:
            return turn.remember()
        return [turn.leave_list()] if turn.intent in _MENUS else []
