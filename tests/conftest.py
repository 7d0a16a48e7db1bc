from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.knowledge import Knowledge, load_folder

ROOT = Path(__file__).resolve().parent.parent
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))

# The same examples at every run, wherever it is; nothing is kept of them. What Hypothesis
# works out once, such as the categories of characters, is kept outside.
set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "hypothesis")
settings.register_profile("same", derandomize=True, deadline=None, database=None, max_examples=100)
settings.load_profile("same")


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The real facts, as the page has them."""
    return load_folder(ROOT / "data" / "knowledge")


@pytest.fixture
def dispatcher() -> CollectingDispatcher:
    return CollectingDispatcher()


@pytest.fixture
def make_tracker() -> Callable[..., Tracker]:
    """Build a tracker: make_tracker("contact_phone", {"person": "eva_fred"}, question="…")."""

    def make(
        intent: str,
        entities: dict[str, str] | None = None,
        text: str = "",
        offered: list[str] | None = None,
        confidence: float = 1.0,
        **slots: Any,
    ) -> Tracker:
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "entities": [{"entity": k, "value": v} for k, v in (entities or {}).items()],
        }
        events = []
        if offered:
            buttons = [{"title": payload, "payload": payload} for payload in offered]
            events.append({"event": "bot", "text": "…", "data": {"buttons": buttons}})
        return Tracker("visitor", slots, message, events, False, None, {}, "action_listen")

    return make


@pytest.fixture
def run(knowledge: Knowledge, dispatcher: CollectingDispatcher) -> Callable[..., list[Any]]:
    """Run an action on a tracker; what it said is in the dispatcher."""

    def run_action(action: type, tracker: Tracker) -> list[Any]:
        return action(lambda: knowledge).run(dispatcher, tracker, DOMAIN)

    return run_action


@pytest.fixture
def answer(
    run: Callable[..., list[Any]],
    make_tracker: Callable[..., Tracker],
    dispatcher: CollectingDispatcher,
) -> Callable[..., list[str]]:
    """Run an action on one thing that was decided; return the phrases, or the texts of facts."""

    def decided(
        action: type,
        topics: Sequence[str] = (),
        facet: str | None = None,
        act: str = "follow",
        intent: str = "oos",
        text: str = "",
        entities: dict[str, str] | None = None,
        decision: dict[str, Any] | None = None,
        **slots: Any,
    ) -> list[str]:
        asked = {"act": act, "topics": list(topics), "facet": facet}
        made = {"action": action().name(), "asks": [asked], **(decision or {})}
        run(action, make_tracker(intent, entities, text=text, decision=made, **slots))
        return [m.get("response") or m["text"] for m in dispatcher.messages]

    return decided


@pytest.fixture
def said(dispatcher: CollectingDispatcher) -> Callable[[], list[str]]:
    """Return the names of what was uttered, or the id of a fact."""

    def names() -> list[str]:
        return [m.get("response") or m["custom"]["id"] for m in dispatcher.messages]

    return names


@pytest.fixture
def payloads(dispatcher: CollectingDispatcher) -> Callable[[], list[str]]:
    """Return the payloads of the last buttons."""

    def last() -> list[str]:
        return [button["payload"] for button in dispatcher.messages[-1]["buttons"]]

    return last


@pytest.fixture
def slots() -> Callable[[list[Any]], dict[str, Any]]:
    """Return what events set."""

    def values(events: list[Any]) -> dict[str, Any]:
        return {e["name"]: e["value"] for e in events if e["event"] == "slot"}

    return values
