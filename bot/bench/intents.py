"""Run in the peer's environment: print what it takes each question for. Imports nothing of ours."""

import asyncio
import json
import sys

from rasa.core.agent import Agent

if __name__ == "__main__":
    agent = Agent.load(sys.argv[1])
    questions = json.load(sys.stdin)

    async def parse_all() -> list[str]:
        """Return the intent of each question."""
        return [(await agent.parse_message(text))["intent"]["name"] for text in questions]

    intents = asyncio.run(parse_all())
    with open(sys.argv[2], "w") as written:
        json.dump(intents, written)
