import asyncio
import json

import pytest

from bot.channel import (
    Refused,
    Reply,
    RestChannel,
    check_origin,
    parse,
    parse_sender,
    parse_vote,
)

SENDER = "3f2b8c1e9d7a4f60b5e2"


def body(**fields):
    return json.dumps({"sender": SENDER, "message": "Hej", **fields}).encode()


def test_takes_sender_and_text_and_leaves_the_rest():
    incoming = parse(body(metadata={"a": 1}, input_channel="x", message_id="m-1"))
    assert (incoming.sender, incoming.text, incoming.message_id) == (SENDER, "Hej", "m-1")


@pytest.mark.parametrize(
    "text",
    ["x" * 1000, "en rad\nen till\toch tab", "😀", "ÅÄÖ", " hej ", "a\x0b\x0c\x85b\x96", "\ud800?"],
)
def test_takes_any_text(text):
    assert parse(body(message=text)).text == text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "JSON"),
        (b"hej", "JSON"),
        (b"\xff\xfe\x00", "JSON"),
        (b"[" * 9000, "JSON"),
        (b"[]", "objekt"),
        (b'"hej"', "objekt"),
        (b"null", "objekt"),
        (b'{"message": "hej"}', "sender"),
        (body(sender=17), "sender"),
        (body(sender="kort"), "sender"),
        (body(sender="x" * 65), "sender"),
        (body(sender="aaaaaaaaaaaaaaaa\n"), "sender"),
        (body(sender="åååååååååååååååå"), "sender"),
        (body(message=None), "message"),
        (body(message=["hej"]), "message"),
        (body(message={"text": "hej"}), "message"),
        (body(message=""), "tomt"),
        (body(message=" \n "), "tomt"),
        (body(message="x" * 1001), "1000"),
        (body(message="\u200b\x00"), "tomt"),
        (body(message="\x1b[31m"), "tomt"),
        (body(message_id=1), "message_id"),
        (body(message_id=""), "message_id"),
        (body(message_id="x" * 65), "message_id"),
    ],
)
def test_refuses_what_is_no_message(content, words):
    with pytest.raises(Refused) as caught:
        parse(content)
    assert caught.value.status == 400
    assert words in caught.value.reason


def test_refuses_a_body_that_is_too_large():
    with pytest.raises(Refused) as caught:
        parse(body(metadata="x" * 20_000))
    assert caught.value.status == 413


@pytest.mark.parametrize("origin", [None, "http://127.0.0.1:5005", "https://www.exempel.se"])
def test_origins_that_may(origin):
    check_origin(origin, "127.0.0.1:5005", ("https://www.exempel.se",))


@pytest.mark.parametrize(
    "origin", ["https://annan.se", "null", "http://127.0.0.1:5006", "http://["]
)
def test_origins_that_may_not(origin):
    with pytest.raises(Refused) as caught:
        check_origin(origin, "127.0.0.1:5005", ("https://www.exempel.se",))
    assert caught.value.status == 403


def collect(*messages):
    reply = Reply()

    async def send():
        for message in messages:
            await reply.send_response(SENDER, message)

    asyncio.run(send())
    return reply.items


BUTTON = {"title": "Ja", "payload": "/help"}


def test_utterances_of_one_answer_are_one_item():
    items = collect({"text": "Ett."}, {"text": "Två.", "buttons": [BUTTON]})
    assert items == [{"recipient_id": SENDER, "text": "Ett.\nTvå.", "buttons": [BUTTON]}]


def test_an_item_ends_with_its_buttons():
    items = collect({"text": "Ett.", "buttons": [BUTTON]}, {"text": "Två."})
    assert [item["text"] for item in items] == ["Ett.", "Två."]


def test_another_language_is_an_item_of_its_own():
    items = collect({"text": "Hej"}, {"text": "Hello", "custom": {"lang": "en"}})
    assert [item.get("custom") for item in items] == [None, {"lang": "en"}]


def test_contacts_of_one_answer_are_one_list():
    first = {"text": "A", "custom": {"id": "contact_person", "contacts": [{"name": "A"}]}}
    second = {"text": "B", "custom": {"id": "contact_person", "contacts": [{"name": "B"}]}}
    (item,) = collect(first, second)
    assert item["custom"]["contacts"] == [{"name": "A"}, {"name": "B"}]


def answer(on_new_message):
    channel = RestChannel((), "Förlåt")
    return asyncio.run(channel._answer(parse(body()), on_new_message))


def test_apologises_when_the_bot_fails():
    async def fail(message):
        raise RuntimeError("oj")

    assert answer(fail) == [{"recipient_id": SENDER, "text": "Förlåt"}]


def test_apologises_when_nothing_was_said():
    async def silent(message):
        pass

    assert answer(silent) == [{"recipient_id": SENDER, "text": "Förlåt"}]


def test_takes_a_vote():
    vote = parse_vote(body(id="role_head", vote="up", message_id="m-1"))
    assert (vote.sender, vote.answer, vote.vote, vote.message_id) == (
        SENDER,
        "role_head",
        "up",
        "m-1",
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (body(vote="up"), "id"),
        (body(id=1, vote="up"), "id"),
        (body(id="Å", vote="up"), "id"),
        (body(id="greet"), "vote"),
        (body(id="greet", vote=1), "vote"),
        (body(id="greet", vote="sideways"), "vote"),
        (b'{"id": "greet", "vote": "up"}', "sender"),
    ],
)
def test_refuses_what_is_no_vote(content, words):
    with pytest.raises(Refused, match=words):
        parse_vote(content)


def test_a_deletion_needs_only_the_sender():
    assert parse_sender(json.dumps({"sender": SENDER}).encode()) == SENDER
    with pytest.raises(Refused):
        parse_sender(b"{}")
