"""Talk to the bot in the terminal, in this process."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from typing import Any

from bot.engine import BotAgent

_SENDER_BYTES = 16


class Chat:
    """One conversation with the agent."""

    def __init__(self, agent: BotAgent) -> None:
        """Begin a conversation."""
        self._agent = agent
        self._sender = secrets.token_hex(_SENDER_BYTES)
        self.buttons: list[dict[str, str]] = []

    async def say(self, text: str) -> list[dict[str, Any]]:
        """Return the items of the bot's reply; a number chooses one of the last buttons."""
        if text.isdigit() and 1 <= int(text) <= len(self.buttons):
            text = self.buttons[int(text) - 1]["payload"]
        items = await self._agent.answer(self._sender, text)
        self.buttons = [button for item in items for button in item.get("buttons", [])]
        return items


def as_text(items: Iterable[dict[str, Any]]) -> str:
    """Return a reply as it is printed: texts, then numbered buttons."""
    lines = []
    number = 0
    for item in items:
        lines.append(item["text"])
        for button in item.get("buttons", []):
            number += 1
            lines.append(f"  {number}. {button['title']}")
    return "\n".join(lines)


def run_chat(agent: BotAgent, once: str | None) -> int:
    """Answer one question, or talk until the visitor ends it."""
    chat = Chat(agent)
    if once is not None:
        print(as_text(asyncio.run(chat.say(once))))
        return 0
    print("Skriv din fråga, eller numret på ett förslag. Avsluta med Ctrl-D.")
    while True:
        try:
            text = input("\nDu: ").strip()
        except EOFError:
            print()
            return 0
        if text:
            print(as_text(asyncio.run(chat.say(text))))
