"""The seams in Rasa that bot/engine relies on, with the real model."""

import asyncio
import gc
import re
import shutil

import pytest
from rasa.core.actions.action import RemoteAction

from bot.engine import BotAgent, load_agent
from bot.engine.actions import InProcessAction
from bot.errors import ModelError
from bot.nlu.encoder import RememberingEncoder
from bot.nlu.judge import Judge
from bot.training import MODEL


@pytest.fixture(scope="module")
def agent() -> BotAgent:
    return load_agent(MODEL, None)


def ask(agent, *texts, sender="visitor"):
    async def talk():
        return [await agent.answer(sender, text) for text in texts][-1]

    return asyncio.run(talk())


def test_custom_actions_run_in_this_process(agent, monkeypatch):
    async def no_network(*args, **kwargs):
        raise AssertionError("an action server was called")

    monkeypatch.setattr(RemoteAction, "run", no_network)
    (item,) = ask(agent, "Vem är chef?", sender="in-process")
    assert "Daniella Pind" in item["text"]


def test_a_failing_action_is_told_and_breaks_nothing(agent, monkeypatch):
    async def fail(*args, **kwargs):
        raise RuntimeError("oj")

    monkeypatch.setattr(InProcessAction, "run", fail)
    with pytest.raises(RuntimeError, match="oj"):
        ask(agent, "Vem är chef?", sender="failing")
    monkeypatch.undo()
    assert ask(agent, "Vem är chef?", sender="failing")


@pytest.mark.parametrize(
    "payload",
    [
        "/role_head",
        "/restart",
        "/session_start",
        " /role_head",
        '/role_head{"person": "x"}',
        "//role_head",
        "/",
    ],
)
def test_a_payload_that_was_not_offered_is_only_text(agent, payload):
    items = ask(agent, payload, sender=f"smuggler-{payload}")
    assert not re.search("Daniella", items[0]["text"])


def test_a_payload_that_was_offered_is_obeyed(agent):
    offered = ask(agent, "Vilka är konsulenter?", sender="chooser")[0]["buttons"]
    payload = next(b["payload"] for b in offered if b["payload"] == "/role_head")
    assert "Daniella Pind" in ask(agent, payload, sender="chooser")[0]["text"]


def test_one_visitors_messages_are_answered_in_order(agent):
    async def talk():
        texts = ["Vem är projektledare?", "Vem är chef?", "har hon någon e-postadress?"]
        replies = await asyncio.gather(*(agent.answer("quick", text) for text in texts))
        return [items[0]["text"] for items in replies]

    first, second, third = asyncio.run(talk())
    assert "Malin" in first
    assert "Daniella" in second
    assert "Daniella" in third


def test_a_damaged_model_is_refused_by_name(tmp_path):
    damaged = tmp_path / "bot.tar.gz"
    damaged.write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"bot\.tar\.gz"):
        load_agent(damaged, None)


def test_a_model_that_is_replaced_leaves_memory(tmp_path):
    def judges():
        return sum(isinstance(one, Judge) for one in gc.get_objects())

    model = tmp_path / "bot.tar.gz"
    shutil.copy(MODEL, model)
    agent = load_agent(model, None)
    gc.collect()  # What other tests have left.
    before = judges()
    shutil.copy(MODEL, tmp_path / "new")
    (tmp_path / "new").replace(model)
    gc.freeze()  # As at the start of a server, where Python's own round may be far away.
    gc.disable()
    try:
        asyncio.run(agent.take_up_new_model())
        asyncio.run(agent.take_up_new_model())
    finally:
        gc.enable()
        gc.unfreeze()
    assert judges() == before


def test_an_encoder_that_fails_leaves_the_answer_to_words(monkeypatch, caplog):
    agent = load_agent(MODEL, None)

    def fail(self, masked):
        raise RuntimeError("no encoder today")

    monkeypatch.setattr(RememberingEncoder, "work_out", fail)
    monkeypatch.setattr(Judge, "_is_sure", lambda *margins: False)
    assert "Daniella" in ask(agent, "Vem är chef?")[0]["text"]
    assert "no encoder today" in caplog.text
    ask(agent, "Vem är chef?")
    assert caplog.text.count("no encoder today") > 1, "a failure is remembered"
