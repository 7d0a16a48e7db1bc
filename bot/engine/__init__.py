"""Rasa's engine, made light. All that we change in Rasa is in this package."""

from bot.engine.agent import BotAgent, load_agent

__all__ = ["BotAgent", "load_agent"]
