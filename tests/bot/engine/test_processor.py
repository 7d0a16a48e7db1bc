"""What the processor leaves out must not change what Rasa would have predicted."""

import asyncio
import threading

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered

import bot.engine.processor
from bot.channel import Reply
from bot.dialogue.turn_encoder import TUNED
from bot.engine import load_agent
from bot.engine.processor import Processor
from bot.nlu.encoder import RememberingEncoder
from bot.nlu.judge import Judge
from bot.nlu.tuned import tuned_encoder
from bot.training import MODEL


@pytest.fixture(scope="module")
def agent():
    return load_agent(MODEL, None)


def say(agent, text, sender):
    return asyncio.run(agent.answer(sender, text))


def test_a_remembered_prediction_is_rasas_own(agent):
    processor = agent.processor
    for intent in processor.domain.intents:
        for first, entities in (("hej", []), ("/", [{"entity": "person", "value": "eva"}])):
            conversation = asyncio.run(agent.tracker_store.retrieve(f"{intent}{first}"))
            said = {"name": intent, "confidence": 1.0}
            conversation.update(UserUttered(first, said, entities))
            for _ in range(2):
                remembered = processor._predict_next_with_tracker(conversation)
                again = processor._predict_next_with_tracker(conversation)
                own = MessageProcessor._predict_next_with_tracker(processor, conversation)
                assert remembered.probabilities == own.probabilities == again.probabilities
                # How the message is featurized matters to no policy that is used here.
                events = [e.type_name for e in own.events if e.type_name != "user_featurization"]
                told = [e.type_name for e in remembered.events]
                assert [one for one in told if one != "user_featurization"] == events
                action = processor.domain.action_names_or_texts[own.max_confidence_index]
                conversation.update_with_events(own.events, processor.domain)
                conversation.update(ActionExecuted(action))


def buttons_that_can_be_shown(agent, knowledge):
    """Return every title and payload: of facts, roles, phrases and further questions."""
    phrases = agent.processor.domain.responses.values()
    told = [
        one for variants in phrases for variant in variants for one in variant.get("buttons", ())
    ]
    return sorted(
        {
            *((one["title"], one["payload"]) for one in told),
            *((title, f"/{intent}") for intent, title in knowledge.questions.items()),
        }
    )


def answer_of(item):
    return item["custom"]["id"]


def test_a_button_that_is_typed_gets_its_answer(agent, knowledge):
    """As a first message, and where it was offered."""
    wrong = []
    for number, (title, payload) in enumerate(buttons_that_can_be_shown(agent, knowledge)):
        for way in ("first", "offered"):
            senders = f"typed-{way}-{number}", f"pressed-{way}-{number}"
            for sender in senders:
                conversation = asyncio.run(agent.tracker_store.get_or_create_tracker(sender))
                conversation.offered.append(payload)
                if way == "offered":
                    buttons = [{"title": title, "payload": payload}]
                    conversation.update(BotUttered("Vad vill du veta?", {"buttons": buttons}))
                asyncio.run(agent.tracker_store.save(conversation))
            # A typed word may be named in the reply: "Frågor om ”böcker” …".
            told = (lambda item: item["text"]) if way == "offered" else answer_of
            typed, pressed = (
                [told(item) for item in say(agent, text, sender)]
                for text, sender in zip((title, payload), senders, strict=True)
            )
            if typed != pressed:
                wrong.append(f"{way}: {title}: {typed}, not {pressed}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("text", ["vad ger ni ut", "VAD GER NI UT?!", "  Vad  ger ni ut ? "])
def test_a_button_may_be_typed_in_another_way(agent, knowledge, text):
    told = say(agent, text, f"typed {text}")[0]["text"]
    assert told == knowledge.facts["mission_publications"].answer.strip()


def test_rules_are_asked_once_for_the_same_course(agent, monkeypatch):
    say(agent, "Vem är chef?", "first")

    def asked(*args, **kwargs):
        raise AssertionError("the rules were asked again")

    monkeypatch.setattr(RulePolicy, "predict_action_probabilities", asked)
    assert "Daniella" in say(agent, "Vem är chef?", "second")[0]["text"]


def test_entities_that_no_rule_sees_need_no_prediction_of_their_own(agent):
    processor, before = agent.processor, len(agent.processor._predictions)
    for kind in processor.domain.entities:
        conversation = asyncio.run(agent.tracker_store.retrieve("entities"))
        said = {"name": "contact_person", "confidence": 1.0}
        conversation.update(UserUttered("hej", said, [{"entity": kind, "value": "x"}]))
        processor._predict_next_with_tracker(conversation)
    assert len(processor._predictions) <= before + 1


@pytest.mark.parametrize("intent", ["greet", "mission_overview", "contact_all"])
def test_a_turn_leaves_what_rasas_own_would(agent, intent):
    processor, courses = agent.processor, []
    for run in (processor._run_action, super(Processor, processor)._run_action):
        conversation = asyncio.run(agent.tracker_store.retrieve("run"))
        conversation.update(UserUttered("hej", {"name": intent, "confidence": 1.0}))
        reply, goes_on = Reply(), True
        while goes_on:
            action, prediction = processor.predict_next_with_tracker_if_should(conversation)
            goes_on = asyncio.run(run(action, conversation, reply, processor.nlg, prediction))
        kept = [(event.type_name, str(event)) for event in conversation.events]
        courses.append((kept, reply.items))
    assert courses[0] == courses[1]
    assert courses[0][1]


def test_actions_are_made_once(agent, monkeypatch):
    say(agent, "Vem är chef?", "first")

    def made(*args, **kwargs):
        raise AssertionError("an action was made again")

    monkeypatch.setattr(bot.engine.processor, "action_for_index", made)
    assert "Daniella" in say(agent, "Vem är chef?", "second")[0]["text"]


def test_events_of_a_remembered_prediction_are_not_shared(agent):
    processor, found = agent.processor, []
    for _ in range(2):
        conversation = asyncio.run(agent.tracker_store.retrieve("shared"))
        conversation.update(UserUttered("hej", {"name": "greet", "confidence": 1.0}))
        found.append(processor._predict_next_with_tracker(conversation).events)
    assert found[0]
    assert not {id(event) for event in found[0]} & {id(event) for event in found[1]}


def test_many_hard_messages_make_nobody_wait_for_the_encoder(agent, monkeypatch):
    release = threading.Event()

    def work_out(self, masked):
        assert release.wait(60)
        raise RuntimeError("enough")

    monkeypatch.setattr(RememberingEncoder, "work_out", work_out)
    monkeypatch.setattr(Judge, "_is_sure", lambda *margins: False)

    async def attack():
        # The short ones at the end fill what room is left.
        texts = [f"{n} " + "ÅÄÖ" * (15 if n < 10 else 1) for n in range(20)]
        hard = [agent.answer(f"attacker{n}", text) for n, text in enumerate(texts)]
        waiting = [asyncio.create_task(one) for one in hard]
        try:
            await asyncio.sleep(0)
            (item,) = await asyncio.wait_for(agent.answer("visitor", "Vem är er chef nu?"), 30)
            return item["text"], sum(not one.done() for one in waiting)
        finally:
            release.set()
            await asyncio.gather(*waiting)

    answer, waiting = asyncio.run(attack())
    assert "Daniella" in answer
    assert 1 <= waiting <= 10


def test_what_decisions_need_is_encoded_beside_the_loop(agent, monkeypatch):
    work_out, threads = RememberingEncoder.work_out, []

    def watched(self, masked):
        threads.append(threading.current_thread())
        return work_out(self, masked)

    monkeypatch.setattr(RememberingEncoder, "work_out", watched)
    # A conversation that no other test has, for what was encoded before is remembered.
    for text in ("Hej där! Vilka kurser har ni, och vem är chef?", "ock va kåstar dom typ"):
        assert say(agent, text, "beside")
    assert threads
    assert {one.name.partition("_")[0] for one in threads} == {"encoding"}


def test_a_decision_does_without_what_could_not_be_encoded(agent, monkeypatch):
    def broken(self, masked):
        raise RuntimeError("broken")

    monkeypatch.setattr(RememberingEncoder, "work_out", broken)
    assert "Daniella" in say(agent, "Vem är eran chef egentligen?", "broken")[0]["text"]
    monkeypatch.undo()
    assert agent.processor._left_out == []
    assert not [text for text, vector in tuned_encoder(TUNED)._known.items() if vector is None]


def test_rasa_still_calls_what_the_processor_replaces():
    """Fails when Rasa renames a seam, which would bring back the slow way unnoticed."""
    for name in (
        "_load_model",
        "_run_action",
        "_predict_next_with_tracker",
        "_check_for_unseen_features",
        "run_action_extract_slots",
        "_handle_message_with_tracker",
        "_run_prediction_loop",
        "predict_next_with_tracker_if_should",
    ):
        assert callable(getattr(MessageProcessor, name))


def test_no_reply_is_given_twice_in_a_row_but_help_and_what_is_asked_for_again(agent):
    def twice(text, sender):
        return [say(agent, text, sender)[0]["text"] for _ in range(2)]

    first, second = twice("Vem är projektledare?", "short")
    assert second.endswith(first)
    assert second != first
    first, second = twice("Vilka arbetar hos er?", "long")
    assert "Malin" in first
    assert "Malin" not in second
    say(agent, "jag mår så dåligt och orkar inte mer", "unwell")
    for _ in range(3):
        assert "1177" in say(agent, "jag mår så dåligt och orkar inte mer", "unwell")[0]["text"]
