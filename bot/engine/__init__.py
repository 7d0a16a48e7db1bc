"""Rasa's engine, made light. All that we change in Rasa is in this package."""

from bot.engine.agent import AnotherMessageError, BotAgent, load_agent

__all__ = ["AnotherMessageError", "BotAgent", "load_agent"]
