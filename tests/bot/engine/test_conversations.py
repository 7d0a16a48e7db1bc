import asyncio
import sqlite3

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from bot.database import SqliteDatabase, StaleError
from bot.engine import conversations
from bot.engine.conversations import SCHEMA, Answer, ConversationStore
from bot.errors import StoreError

DOMAIN = Domain.from_dict(
    {"slots": {"question": {"type": "any", "mappings": [{"type": "custom"}]}}}
)
BUTTONS = [{"title": "Vem är chef?", "payload": "/role_head"}]


@pytest.fixture
def store(tmp_path):
    return open_store(tmp_path / "new" / "conversations.sqlite")


def open_store(file, **options):
    return ConversationStore(DOMAIN, SqliteDatabase(file, SCHEMA), **options)


def take_a_turn(store, sender, *events):
    async def turn():
        conversation = await store.retrieve(sender)
        for event in events:
            conversation.update(event)
        await store.save(conversation)

    asyncio.run(turn())


def retrieve(store, sender):
    return asyncio.run(store.retrieve(sender))


def test_slots_and_offers_are_there_at_the_next_turn(store):
    take_a_turn(store, "a", SlotSet("question", "role_head"), BotUttered(data={"buttons": BUTTONS}))
    conversation = retrieve(store, "a")
    assert conversation.get_slot("question") == "role_head"
    assert conversation.offered == ["/role_head"]
    assert conversation.latest_bot_utterance.data["buttons"] == BUTTONS
    assert retrieve(store, "b").get_slot("question") is None


def test_another_process_finds_the_conversation(store, tmp_path):
    take_a_turn(store, "a", SlotSet("question", "role_head"))
    again = open_store(tmp_path / "new" / "conversations.sqlite")
    assert retrieve(again, "a").get_slot("question") == "role_head"
    assert asyncio.run(again.keys()) == ["a"]


def test_an_earlier_offer_may_still_be_chosen_but_only_the_last_is_shown(store):
    take_a_turn(store, "a", BotUttered(data={"buttons": BUTTONS}))
    take_a_turn(store, "a", BotUttered(data={"buttons": []}))
    conversation = retrieve(store, "a")
    assert conversation.offered == ["/role_head"]
    assert conversation.state()["buttons"] == []


def test_what_the_visitor_wrote_is_not_kept(store, tmp_path):
    take_a_turn(store, "a", UserUttered("min hemlighet"), SlotSet("question", "oos"))
    files = list((tmp_path / "new").iterdir())
    assert files
    assert not any(b"hemlighet" in path.read_bytes() for path in files)


def test_a_conversation_does_not_grow(store):
    sizes = []
    for _ in range(30):
        take_a_turn(store, "a", SlotSet("question", "x"), BotUttered(data={"buttons": BUTTONS}))
        sizes.append(len(str(retrieve(store, "a").state())))
    assert len(set(sizes[1:])) == 1
    assert len(retrieve(store, "a").events) < 10


def test_many_visitors_at_once_are_all_kept(store):
    async def talk(sender):
        conversation = await store.retrieve(sender)
        conversation.update(SlotSet("question", sender))
        await store.save(conversation)

    async def all_at_once():
        await asyncio.gather(*(talk(f"visitor{i}") for i in range(50)))

    asyncio.run(all_at_once())
    assert retrieve(store, "visitor42").get_slot("question") == "visitor42"
    assert len(asyncio.run(store.keys())) == 50


def test_some_are_deleted_while_others_are_written(store):
    async def save_again_and_again(sender):
        for _ in range(50):
            await store.save(await store.retrieve(sender))

    async def delete_again_and_again(sender):
        for _ in range(50):
            await store.delete(sender)

    async def all_at_once():
        await asyncio.gather(
            *(save_again_and_again(f"writes-{number}") for number in range(4)),
            *(delete_again_and_again(f"leaves-{number}") for number in range(4)),
        )
        return sorted(await store.keys())

    assert asyncio.run(all_at_once()) == [f"writes-{number}" for number in range(4)]


def test_whoever_waits_is_told_that_writing_failed(store, tmp_path):
    take_a_turn(store, "a")
    with sqlite3.connect(tmp_path / "new" / "conversations.sqlite") as other:
        other.execute("DROP TABLE conversations")
    with pytest.raises(StoreError, match="no such table"):
        take_a_turn(store, "b")


def test_what_was_offered_last_is_kept_longest(store):
    def button(number):
        return [{"title": "…", "payload": f"/p{number}"}]

    for number in [0, *range(1, 200), 0, 200]:
        take_a_turn(store, "a", BotUttered(data={"buttons": button(number)}))
    offered = retrieve(store, "a").offered
    assert len(offered) == 200
    assert "/p0" in offered
    assert "/p1" not in offered


def query(store, text):
    return asyncio.run(store._database.rows(text))


def test_an_answer_is_kept_with_the_conversation_and_deleted_with_it(store, tmp_path):
    async def turns():
        conversation = await store.retrieve("a")
        conversation.answer = Answer("m1", "digest", [{"text": "Hej Hemlighetsson"}])
        await store.save(conversation)
        found = await store.find_answer("a", "m1")
        assert found.items == [{"text": "Hej Hemlighetsson"}]
        assert await store.find_answer("b", "m1") is None
        await store.delete("b")
        assert await store.find_answer("a", "m1")
        await store.delete("a")

    asyncio.run(turns())
    assert asyncio.run(store.find_answer("a", "m1")) is None
    assert asyncio.run(store.find("a")) is None
    files = (tmp_path / "new").iterdir()
    assert not any(b"Hemlighetsson" in path.read_bytes() for path in files)


def test_a_silent_conversation_is_forgotten_then_deleted(tmp_path, monkeypatch):
    store = open_store(tmp_path / "c.sqlite", silence_minutes=10)
    now = [1_000_000.0]
    monkeypatch.setattr(conversations.time, "time", lambda: now[0])
    take_a_turn(store, "old", SlotSet("question", "greet"))
    now[0] += 300
    take_a_turn(store, "young", SlotSet("question", "greet"))
    now[0] += 301
    assert asyncio.run(store.find("old")) is None
    assert retrieve(store, "old").get_slot("question") is None
    assert asyncio.run(store.find("young"))
    assert query(store, "SELECT count(*) FROM conversations") == [(2,)]
    asyncio.run(store.expire())
    assert query(store, "SELECT sender FROM conversations") == [("young",)]


def full(connection):
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    return "full"


def read_only(connection):
    connection.execute("PRAGMA query_only = ON")
    return "readonly"


@pytest.mark.parametrize("make", [full, read_only])
def test_what_cannot_be_written_is_not_ready(store, make):
    told = make(store._database._writer)
    with pytest.raises(StoreError, match=told):
        asyncio.run(store.check())
    store._database._writer.execute("PRAGMA max_page_count = 1000000")
    store._database._writer.execute("PRAGMA query_only = OFF")
    asyncio.run(store.check())
    assert list(asyncio.run(store.keys())) == []


def test_many_who_ask_whether_it_is_ready_let_the_disk_work_once(store):
    async def many():
        await asyncio.gather(*(store.check() for _ in range(50)))

    written = []
    commit = store._database.commit

    async def counted(*statements):
        written.append(statements)
        await commit(*statements)

    store._database.commit = counted
    asyncio.run(many())
    assert len(written) == 1


def test_a_vote_may_be_changed_but_counts_once(store):
    take_a_turn(store, "a")

    async def vote(*votes):
        for one in votes:
            await store.vote(await store.find("a"), "m1:greet", "greet", one)

    asyncio.run(vote("up", "up", "down"))
    assert query(store, "SELECT vote, count FROM votes ORDER BY vote") == [("down", 1), ("up", 0)]
    assert asyncio.run(store.find("a")).votes == {"m1:greet": "down"}


def test_only_what_was_answered_is_voted_on_and_not_without_end(store):
    async def turn(message_id, answer):
        conversation = await store.retrieve("a")
        items = [{"text": "…", "custom": {"id": answer}}, {"text": "…"}]
        conversation.answer = Answer(message_id, "digest", items) if message_id else None
        conversation.remember_answers([answer])
        await store.save(conversation)

    async def vote(message_id, answer="greet"):
        conversation = await store.find("a")
        key = await store.key_of(conversation, answer, message_id)
        if key:
            await store.vote(conversation, key, answer, "up")
        return key

    async def votes():
        await turn(None, "greet")
        assert [await vote(None), await vote(""), await vote("m1")] == [":greet", ":greet", None]
        await turn("m1", "greet")
        await turn("m2", "thanks")
        assert [await vote(None), await vote("m1"), await vote("m2")] == ["m1:greet"] * 2 + [None]
        assert [await vote(None, "thanks"), await vote(None, "bye")] == ["m2:thanks", None]
        for number in range(3, 210):
            await turn(f"m{number}", "greet")
            await vote(f"m{number}")
        assert await vote("m1") == "m1:greet"

    asyncio.run(votes())
    assert query(store, "SELECT sum(count) FROM votes") == [(200,)]


def test_whoever_is_overtaken_cannot_write(store):
    async def turns():
        one, other = await store.retrieve("a"), await store.retrieve("a")
        other.update(SlotSet("question", "other"))
        await store.save(other)
        with pytest.raises(StaleError):
            await store.save(one)
        one, other = await store.retrieve("a"), await store.retrieve("a")
        one.update(SlotSet("question", "one"))
        await store.save(one)
        other.answer = Answer("m1", "digest", [])
        with pytest.raises(StaleError):
            await store.save(other)
        assert await store.find_answer("a", "m1") is None
        await store.delete("a")
        with pytest.raises(StaleError):
            await store.save(one)

    asyncio.run(turns())
    assert asyncio.run(store.find("a")) is None


def test_one_who_is_overtaken_holds_up_nobody_who_is_written_with_it(store):
    async def turns():
        first, late = await store.retrieve("a"), await store.retrieve("a")
        others = [await store.retrieve(f"b{number}") for number in range(5)]
        saved = [store.save(one) for one in (first, late, *others)]
        return await asyncio.gather(*saved, return_exceptions=True)

    first, late, *others = asyncio.run(turns())
    assert isinstance(late, StaleError)
    assert [first, *others] == [None] * 6


def test_a_clock_that_goes_back_does_not_let_two_write(store, monkeypatch):
    monkeypatch.setattr(conversations.time, "time", lambda: 1_000_000.0)
    take_a_turn(store, "a")
    one, other = retrieve(store, "a"), retrieve(store, "a")
    asyncio.run(store.save(one))
    with pytest.raises(StaleError):
        asyncio.run(store.save(other))


def test_a_host_whose_clock_is_hours_off_deletes_nothing(tmp_path, monkeypatch, caplog):
    class Shared(SqliteDatabase):
        async def now(self):
            return 1_000_000.0

    def opened():
        return ConversationStore(DOMAIN, Shared(tmp_path / "c.sqlite", SCHEMA), silence_minutes=10)

    monkeypatch.setattr(conversations.time, "time", lambda: 1_000_000.0)
    take_a_turn(opened(), "a", SlotSet("question", "greet"))
    monkeypatch.setattr(conversations.time, "time", lambda: 1_003_700.0)
    ahead = opened()
    for _ in range(2):
        asyncio.run(ahead.expire())
    assert retrieve(ahead, "a").get_slot("question") == "greet"
    assert caplog.text.count("Klockan här går +3700 sekunder fel") == 1


def test_a_store_without_its_table_is_not_ready(tmp_path):
    store = open_store(tmp_path / "c.sqlite")
    with sqlite3.connect(tmp_path / "c.sqlite") as other:
        other.execute("DROP TABLE conversations")
    with pytest.raises(StoreError):
        asyncio.run(store.check())
