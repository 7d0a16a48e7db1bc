"""What holds for any text, any JSON, any YAML: no surprise, and nothing but the contract."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rasa.shared.nlu.training_data.message import Message

from bot.channel import (
    LONGEST_MESSAGE,
    Refused,
    check_origin,
    parse,
    parse_sender,
    parse_vote,
    readable,
    reply_response,
)
from bot.dialogue.part_model import PartModel
from bot.engine import BotAgent, load_agent
from bot.errors import KnowledgeError
from bot.knowledge import Knowledge, load_folder
from bot.nlu.name_finder import NameFinder
from bot.nlu.parts import after_opening, clauses, sentences
from bot.settings import ROOT
from bot.throttle import Throttle, client_address
from bot.training import MODEL

FACTS = ROOT / "data" / "knowledge"
FILES = {path.name: path.read_text(encoding="utf-8") for path in sorted(FACTS.glob("*.yml"))}
NAMES = [person.name for person in load_folder(FACTS).people.values()]
ORDINARY = set("vem är jobbar hos er vad har för nummer hej och du eva fred".split())  # noqa: SIM905
TOKEN = re.compile(r"[A-Za-z0-9_-]+")

# Surrogates too: JSON can hold them.
any_text = st.text(st.characters(), max_size=40)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=12,
)
tokens = st.sampled_from([15, 16, 64, 65]).map("a".__mul__) | st.from_regex(TOKEN, fullmatch=True)
SENDER = "3f2b8c1e9d7a4f60b5e2"
GOOD = {"sender": SENDER, "message": "Hej", "message_id": "m", "id": "role_head", "vote": "up"}
fields = {
    "sender": tokens | any_json,
    "message": any_text | st.text("h \n\x00\x85å😀\ud83d") | st.just("x" * 1001) | any_json,
    "message_id": tokens | any_json,
    "id": st.sampled_from(["Role", "å"]) | tokens | any_json,
    "vote": st.sampled_from(["down", "UP"]) | any_json,
    "metadata": any_json,
}


@st.composite
def contents(draw: st.DrawFn) -> object:
    """Any JSON, or an object as it should be but for a field or two."""
    if draw(st.integers(0, 5)) == 0:
        return draw(any_json)
    content: dict[str, object] = dict(GOOD)
    for field in draw(st.lists(st.sampled_from(sorted(fields)), max_size=2)):
        content[field] = draw(fields[field])
    if draw(st.integers(0, 5)) == 0:
        del content[draw(st.sampled_from(sorted(GOOD)))]
    return content


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Any bytes; JSON in any encoding; JSON with a few bytes put in; much of it."""
    if draw(st.integers(0, 3)) == 0:
        return draw(st.binary(max_size=100)) * draw(st.sampled_from([1, 1, 1, 1000]))
    text = json.dumps(draw(contents()), ensure_ascii=draw(st.booleans()))
    coding = draw(st.sampled_from(["utf-8", "utf-8", "utf-16", "utf-32", "utf-8-sig"]))
    body = text.encode(coding, "surrogatepass")
    if draw(st.integers(0, 3)) == 0:
        place = draw(st.integers(0, len(body)))
        body = body[:place] + draw(st.binary(max_size=4)) + body[place:]
    return body


def assert_said_in_clear_words(refused: Refused, *statuses: int) -> None:
    assert refused.status in statuses
    assert re.fullmatch(r"[A-ZÅÄÖ].{10,100}\.", refused.reason)


def assert_token(value: str, shortest: int, longest: int) -> None:
    assert shortest <= len(value) <= longest
    assert TOKEN.fullmatch(value)


@settings(max_examples=200)
@given(bodies())
def test_a_body_is_a_checked_message_or_refused(body):
    try:
        incoming = parse(body)
    except Refused as refused:
        assert_said_in_clear_words(refused, 400, 413)
        return
    assert_token(incoming.sender, 16, 64)
    assert 1 <= len(incoming.text) <= LONGEST_MESSAGE
    text = readable(incoming.text)
    assert text.strip()
    assert text.encode()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    if incoming.message_id is not None:
        assert_token(incoming.message_id, 1, 64)


@settings(max_examples=150)
@given(bodies())
def test_a_body_is_a_checked_vote_or_refused(body):
    try:
        vote = parse_vote(body)
    except Refused as refused:
        assert_said_in_clear_words(refused, 400, 413)
        return
    assert_token(vote.sender, 16, 64)
    assert_token(vote.answer, 1, 64)
    assert vote.vote in ("up", "down")
    if vote.message_id is not None:
        assert_token(vote.message_id, 1, 64)


@settings(max_examples=60)
@given(bodies())
def test_a_body_tells_a_checked_sender_or_is_refused(body):
    try:
        sender = parse_sender(body)
    except Refused as refused:
        assert_said_in_clear_words(refused, 400, 413)
        return
    assert_token(sender, 16, 64)


origins = st.builds(
    "".join, st.lists(st.sampled_from(["http", "https", ":", "//", "[", "]", "a.se", "℀", ":80"]))
)


@given(st.none() | any_text | origins, st.sampled_from(["a.se", "a.se:80", "[::1]:80", ""]))
def test_an_origin_is_our_own_or_refused(origin, host):
    try:
        check_origin(origin, host, ())
    except Refused as refused:
        assert_said_in_clear_words(refused, 403)
    else:
        assert origin is None or origin.endswith(host)


# What YAML has words for, and what has broken readers of it.
SNIPPETS = [
    *"&*!?:-{}[],|>%@`#\"'\t\n\x00\x85\ufeff",
    *("\n", "\n  ", "\n    ", "&a ", "*a", "&a [*a]", "<<: *a", "---\n", "...\n"),
    *("? [a]\n: b\n", "{[a]: b}", "{{a: b}: c}", "[[unit, 1]]", "!!python/name:os "),
    *("%YAML 9.9\n---\n", "%TAG ! ! x\n", "!<tag:%ff> ", "!%zz ", "[" * 700, "é" * 500),
    *('"\\UFFFFFFFF"', '"\\U00110000"', '"\\ud800"', '"\\0"', "[]", "{}", '""', "~"),
    *("null", "nan", "1e999", "-1", "2026-02-30", "{value}", "daniella_pind", "head", "id"),
    *("unit:", "facts:", "people:", "roles:", "questions:", "follow_ups:", "areas:", "reviewed:"),
    *("__root__: 1\n", "__pydantic_self__: 1\n", "self: 1\n"),
]
snippets = st.sampled_from(SNIPPETS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)


@st.composite
def changed(draw: st.DrawFn, text: str) -> str:
    """A text in which something was put in, taken out, or said again."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        if draw(st.booleans()):  # At the end of a field's name, where its value begins.
            start = max(start, text.find(": ", start) + 2)
        end = start + draw(st.just(0) | st.integers(0, 40))
        again = text[start:end] if draw(st.integers(0, 5)) == 0 else ""
        text = text[:start] + draw(snippets) + again + text[end:]
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("knowledge")


def assert_names_its_file(error: KnowledgeError) -> None:
    assert error.problems
    for problem in error.problems:  # What no file has is missing in the folder.
        assert Path(problem.file).name in {*FILES, "any.yml"} or problem.field == "unit"
    assert all(problem.message for problem in error.problems)
    assert str(error).encode()


def assert_serves_or_says_why_not(folder: Path) -> None:
    try:
        knowledge = load_folder(folder)
    except KnowledgeError as error:
        assert_names_its_file(error)
        return
    assert isinstance(knowledge, Knowledge)
    assert knowledge.unit.name.encode()
    assert isinstance(list(knowledge.to_fill_in()), list)
    for fact in knowledge.facts.values():
        assert fact.statement.strip().encode()
        assert all(knowledge.button(name)["title"].encode() for name in fact.follow_ups)
    for person in knowledge.people.values():
        assert knowledge.button("contact_person", person.id)["title"].encode()
    knowledge.names.find("Vem är Eva Fred?")


BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))


@settings(max_examples=200)
@given(st.lists(snippets, max_size=4).map("".join) | st.text(st.characters(codec="utf-8")))
@example('unit: "\\UFFFFFFFF"')
@example('unit: "\\ud800"')
@example("[" * 700)
@example(f"%YAML {'1' * 5000}.1\n---\n")
@example("__pydantic_self__: 1")
@example(BOMB)
def test_any_text_is_knowledge_or_a_problem_in_its_file(folder, text):
    (folder / "any.yml").write_bytes(text.encode())
    assert_serves_or_says_why_not(folder)


@given(st.binary())
def test_any_bytes_are_knowledge_or_a_problem_in_their_file(folder, content):
    (folder / "any.yml").write_bytes(content)
    assert_serves_or_says_why_not(folder)


@pytest.fixture(scope="module")
def real_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("changed")


@settings(max_examples=40)
@given(st.data())
def test_the_real_files_with_slips_are_knowledge_or_a_problem_in_their_file(real_folder, data):
    name = data.draw(st.sampled_from(sorted(FILES)))
    texts = {**FILES, name: data.draw(changed(FILES[name]))}
    for file, text in texts.items():
        (real_folder / file).write_text(text, encoding="utf-8")
    assert_serves_or_says_why_not(real_folder)


@st.composite
def slips(draw: st.DrawFn, text: str) -> str:
    """A text with one letter doubled, left out or changed for its neighbour."""
    place = draw(st.integers(0, len(text) - 2))
    before, first, second, after = text[:place], text[place], text[place + 1], text[place + 2 :]
    middle = draw(st.sampled_from([first * 2 + second, second, first, second + first]))
    return before + middle + after


cases = st.sampled_from([str, str.upper, str.lower, str.title, str.casefold])
words = (
    st.sampled_from([*NAMES, *(word for name in NAMES for word in name.split())])
    | st.sampled_from(NAMES).flatmap(slips)
    | st.sampled_from([*sorted(ORDINARY), "Peter", "Ek", "Hellström", "ß", "İ", "ﬁ", "Åsa\u0308"])
    | st.text(max_size=6)
)
gaps = st.sampled_from([" ", " ", " ", "-", ", ", "\n", "", "  ", "s ", "? ", "–"])
texts_with_names = st.lists(
    st.builds(lambda word, case, gap: case(word) + gap, words, cases, gaps), max_size=8
).map("".join)


def entities(text: str) -> list[dict]:
    (message,) = NameFinder(None, None, ORDINARY).process([Message({"text": text})])
    return message.get("entities") or []


def assert_apart_and_within(places: list[tuple[int, int]], text: str) -> None:
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))


@settings(max_examples=200)
@given(texts_with_names | st.text())
def test_names_are_within_the_text_and_apart_and_known(knowledge, text):
    found = entities(text)
    # A word that may name two people is marked once for each.
    assert_apart_and_within(sorted({(e["start"], e["end"]) for e in found}), text)
    for entity in found:
        if entity["entity"] == "person":
            assert entity["value"] in knowledge.people
        else:
            assert entity["value"] == text[entity["start"] : entity["end"]]
            assert set(entity["namesakes"]) <= set(knowledge.people)


@given(st.sampled_from(NAMES), cases, st.sampled_from(["", "vem är ", "Hej! "]))
def test_a_name_is_found_in_any_case(knowledge, name, case, before):
    (found,) = entities(before + case(name))
    assert knowledge.people[found["value"]].name == name
    assert (found["start"], found["end"]) == (len(before), len(before + case(name)))


PARTS = PartModel.train([("vem är chef, och var sitter ni?", ["vem är chef", "var sitter ni"])])
JOINTS = ["och", " vem ", " samt hur ", " dels ", " t.ex. ", "? ", ". ", ": ", ", ", " – ", "\n"]
joints = st.sampled_from(JOINTS)
texts_with_joints = st.lists(joints | st.text(max_size=8), max_size=24).map("".join)


@settings(max_examples=200)
@given(texts_with_joints | st.text())
def test_parts_are_in_order_and_within_the_text_and_apart(text):
    for cut in (sentences(text), clauses(text), [(a, b) for a, b, _ in PARTS.parts(text)]):
        assert_apart_and_within(cut, text)
    if opening := after_opening(text):
        assert_apart_and_within([opening], text)


addresses = st.ip_addresses().map(str) | st.sampled_from(
    ["10.0.0.1", "10.255.0.1", "::ffff:10.0.0.1", "fe80::1%eth0", "::1", "fd00::2"]
)
hops = addresses | st.text(max_size=8) | st.just("unix:")
forwarded = st.none() | st.lists(hops, max_size=5).map(",".join) | st.text()
nets = st.lists(st.sampled_from(["10.0.0.0/8", "fd00::/8", "0.0.0.0/0", "::/0", "::1/128"]))


@given(addresses | st.just(""), forwarded, nets)
def test_a_visitors_address_is_one_or_who_is_connected(peer, header, trusted):
    address = client_address(peer, header, trusted)
    if address != peer:
        assert trusted
        assert ip_address(address)
    asyncio.run(Throttle("", "2/minute").count_address(address))


@pytest.fixture(scope="module")
def agent() -> BotAgent:
    return load_agent(MODEL, None)


@pytest.fixture(scope="module")
def reply_schema() -> Draft202012Validator:
    text = (ROOT / "bot" / "web" / "openapi.yml").read_text(encoding="utf-8")
    components = yaml.safe_load(text)["components"]
    return Draft202012Validator({"$ref": "#/components/schemas/Reply", "components": components})


questions = st.sampled_from(
    ["Vem är chef?", "har hon något nummer?", "/role_head", "/restart", "What do you do?", "mer"]
)
anything_said = (
    questions
    | texts_with_names
    | texts_with_joints
    | st.lists(questions | words, min_size=1, max_size=9).map(" ".join)
    | st.text(max_size=LONGEST_MESSAGE)
    | st.text("åäö ?!", min_size=900, max_size=LONGEST_MESSAGE)
)


@settings(max_examples=40)
@given(st.lists(anything_said, min_size=1, max_size=3))
def test_the_bot_answers_any_text(agent, reply_schema, said):
    sender = uuid.uuid4().hex

    async def talk() -> None:
        for text in said:
            body = json.dumps({"sender": sender, "message": text}).encode()
            try:
                incoming = parse(body)
            except Refused:
                continue
            items = await agent.answer(incoming.sender, incoming.text)
            reply_schema.validate(items)
            assert all(item["text"].strip() for item in items)
            assert reply_response(items).body

    asyncio.run(talk())
