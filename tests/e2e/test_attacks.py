"""What an attacker tries, and what comes back. What is tried is in each test's parameters."""

from __future__ import annotations

import http.client
import json
import re
import socket
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
import requests

WEBHOOK = "/webhooks/rest/webhook"
CHIEF = "Daniella Pind"
MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def sender() -> str:
    return uuid.uuid4().hex


def post(bot, content, route="webhook", query="", **headers):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    url = f"{bot.url}/webhooks/rest/{route}{query}"
    return requests.post(url, data=body, headers=headers, timeout=60)


def ask(bot, sender, message, query="", **more):
    return post(bot, {"sender": sender, "message": message, **more}, query=query)


def connect(bot) -> socket.socket:
    host, port = bot.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=30)


def exchange(bot, *parts: bytes) -> tuple[int, str, bool]:
    """Send bytes; return the status and the body, and whether the connection stays."""
    with connect(bot) as connection:
        for part in parts:
            connection.sendall(part)
        response = http.client.HTTPResponse(connection)
        response.begin()
        body = response.read().decode()
        return response.status, body, response.headers["Connection"] == "keep-alive"


def head(*lines: str, start: str = f"POST {WEBHOOK} HTTP/1.1", host: str = "Host: a.se") -> bytes:
    return "\r\n".join([start, host, *lines, "", ""]).encode("latin-1")


def body(sender: str, message: str = "Vem är chef?") -> bytes:
    return json.dumps({"sender": sender, "message": message}).encode()


# Payloads: commands of Rasa that a visitor types.


@pytest.mark.parametrize(
    "typed",
    [
        "/restart",
        "/session_start",
        "/back",
        "/role_head",
        '/role_head{"x": "y"}',
        "/role_head@1.0",
        "EXTERNAL: role_head",
        "/EXTERNAL: role_head",
        "//role_head",
        "/ /role_head",
        "/ / /role_head",
        "/\n/role_head",
        "/\u2028/role_head",
        "/\u00a0/restart",
        "\u2003/role_head",
        "\u200b/role_head",
        "\ufeff/role_head",
        "\uff0frole_head",
        "\u2044role_head",
        "\u2215role_head",
        "role_head",
        "/",
        "///",
        "/" + "a" * 999,
        "/" * 1000,
        "/role_head" + "{" * 900,
    ],
)
def test_a_typed_command_is_only_text(bot, sender, typed):
    ask(bot, sender, "Vem är projektledare?")
    response = ask(bot, sender, typed)
    assert response.status_code == 200
    assert CHIEF not in response.text
    assert "error_id" not in response.text
    # Nothing was forgotten either.
    assert "Malin" in ask(bot, sender, "har hon något telefonnummer?").text


@pytest.mark.parametrize("changed", ["{0}{{}}", '{0}{{"person": "x"}}', "{0}x", "{0} x", "/{0}"])
def test_an_offered_payload_does_not_pass_when_it_is_changed(bot, sender, changed):
    assert "/role_head" in ask(bot, sender, "Vilka är konsulenter?").text
    assert f'"{CHIEF} är' not in ask(bot, sender, changed.format("/role_head")).text
    assert CHIEF in ask(bot, sender, "/role_head").text


def test_a_payload_offered_to_one_visitor_does_not_pass_for_another(bot, sender):
    assert "/role_head" in ask(bot, sender, "Vilka är konsulenter?").text
    assert CHIEF not in ask(bot, uuid.uuid4().hex, "/role_head").text


@pytest.mark.parametrize(
    "more",
    [
        {"metadata": {"answer": {"message_id": "x", "items": []}}},
        {"metadata": "x", "parse_data": {"intent": {"name": "role_head"}}},
        {"input_channel": "cmdline", "output_channel": "latest", "stream": True},
        {"token": "x", "jwt": "y", "conversation_id": "z", "__proto__": {"a": 1}},
    ],
)
@pytest.mark.parametrize("query", ["", "?stream=true&token=x&sender=default&message=/restart"])
def test_what_else_a_request_holds_is_ignored(bot, sender, more, query):
    response = ask(bot, sender, "Vem är projektledare?", query, **more)
    other = uuid.uuid4().hex
    plain = ask(bot, other, "Vem är projektledare?")
    assert response.text.replace(sender, other) == plain.text
    assert response.headers["Content-Type"] == "application/json"


# Other people's conversations.

VICTIM = "victim-victim-victim-0123456789"
BAD_SENDERS = [
    VICTIM + "\x00",
    VICTIM + "\n",
    " " + VICTIM,
    VICTIM.replace("0", "\uff10"),
    VICTIM.replace("i", "\u0456"),
    VICTIM + "' OR '1'='1",
    "%" * 20,
    "../" * 8,
    "x" * 65,
    "default",
    [VICTIM],
    {"$ne": VICTIM},
    True,
    12345678901234567890,
    None,
]


@pytest.mark.parametrize("route", ["webhook", "feedback", "delete"])
@pytest.mark.parametrize("sender", BAD_SENDERS, ids=ascii)
def test_an_id_that_is_no_id_is_refused_everywhere(bot, route, sender):
    content = {"sender": sender, "message": "Hej", "id": "role_head", "vote": "up"}
    response = post(bot, content, route)
    assert response.status_code == 400
    assert "sender" in response.json()["error"]


@pytest.mark.parametrize(
    "alike",
    [str.upper, str.swapcase, lambda i: i[:-1], lambda i: i + "0", lambda i: i[::-1]],
    ids=["upper case", "other case", "a prefix", "longer", "backwards"],
)
def test_an_id_that_is_nearly_anothers_is_a_stranger(bot, alike):
    victim = f"aB-{uuid.uuid4().hex}"
    other = alike(victim)
    ask(bot, victim, "Vem är chef?", message_id="m1")
    assert CHIEF not in ask(bot, other, "har hon något telefonnummer?").text
    assert "Malin" in ask(bot, other, "Vem är projektledare?", message_id="m1").text
    vote = {"sender": other, "id": "role_head", "vote": "up"}
    assert post(bot, {**vote, "sender": f"{other}_"}, "feedback").status_code == 404
    assert post(bot, {"sender": other}, "delete").ok
    assert CHIEF in ask(bot, victim, "har hon något telefonnummer?").text


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"])
@pytest.mark.parametrize("path", [WEBHOOK, f"/conversations/{VICTIM}/tracker", "/model"])
def test_no_route_reads_conversations(bot, method, path):
    response = requests.request(method, bot.url + path, timeout=30)
    assert response.status_code in (404, 405)
    assert not any(key in response.text for key in ("events", "slots", "latest_message"))


# Headers.


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://annan.se",
        "{scheme}{host}.annan.se",
        "{scheme}{host}@annan.se",
        "{scheme}annan.se@{host}",
        "{scheme}{host}:1",
        "{scheme}{host}.",
        "{scheme}{host}/",
        "{scheme}{host}#",
        "{scheme}LOCALHOST",
        "ftp://{host}",
        "//{host}",
        "{host}",
        "http://[::1",
        "http://a\u2100b",
        "\udcff",
    ],
)
def test_a_foreign_origin_is_refused(bot, sender, origin):
    host = bot.url.removeprefix("http://")
    line = f"Origin: {origin.format(scheme='http://', host=host)}".encode(
        "utf-8", "surrogateescape"
    )
    lines = [f"Host: {host}".encode(), line, b"Content-Length: %d" % len(body(sender))]
    request = b"\r\n".join([f"POST {WEBHOOK} HTTP/1.1".encode(), *lines, b"", body(sender)])
    status, said, _ = exchange(bot, request)
    assert status == 403
    assert "webbplats" in json.loads(said)["error"]


def test_no_header_overrides_host_or_origin(bot, sender):
    evil = {
        "Origin": "https://annan.se",
        "X-Forwarded-Host": "annan.se",
        "Forwarded": "host=annan.se",
    }
    assert post(bot, body(sender), **evil).status_code == 403
    preflight = requests.options(bot.url + WEBHOOK, headers=evil, timeout=30)
    assert not [name for name in preflight.headers if "allow-origin" in name.lower()]


def test_no_header_overrides_the_method(bot):
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        response = requests.get(bot.url + WEBHOOK, headers={name: "POST"}, timeout=30)
        assert response.status_code == 405


NUMBER = "Content-Length: {length}"
UNCLEAR_HEADS = {
    "a negative length": ["Content-Length: -5"],
    "a length with a plus": ["Content-Length: +{length}"],
    "a length with an underscore": ["Content-Length: 1_0"],
    "a length in words": ["Content-Length: abc"],
    "a length of many digits": ["Content-Length: " + "1" * 5000],
    "an empty length": ["Content-Length:"],
    "two lengths": [NUMBER, "Content-Length: 3"],
    "two equal lengths": [NUMBER, NUMBER],
    "a list of lengths": ["Content-Length: {length}, {length}"],
    "chunks in capitals": ["Transfer-Encoding: CHUNKED"],
    "packed chunks": ["Transfer-Encoding: gzip, chunked"],
    "two hosts": [NUMBER, "Host: b.se"],
    "two origins": [NUMBER, "Origin: http://a.se", "Origin: http://b.se"],
    "a space before the colon": ["Content-Length : {length}"],
    "a folded line": [NUMBER, "X-A: a", " b"],
    "a line without a colon": [NUMBER, "hej"],
    "a bare line feed": ["X-A: a\nContent-Length: {length}"],
    "a bare carriage return": ["X-A: a\rContent-Length: {length}"],
    "a null byte": [NUMBER, "X-A: a\x00b"],
    "a header without a name": [NUMBER, ": a"],
}


@pytest.mark.parametrize("lines", UNCLEAR_HEADS.values(), ids=UNCLEAR_HEADS)
def test_a_head_that_servers_may_read_differently_is_refused(bot, sender, lines):
    content = body(sender)
    hidden = head(start="GET /healthz HTTP/1.1")
    request = head(*(line.format(length=len(content)) for line in lines)) + content + hidden
    status, said, stays = exchange(bot, request)
    assert (status, stays) == (400, False)
    assert json.loads(said)["error"]
    assert CHIEF in bot.talk("Vem är chef?")


@pytest.mark.parametrize(
    ("length", "size", "expected"),
    [([], None, 200), ([], 10_000_000, 413), ([], -5, 400), (["Content-Length: 5"], None, 400)],
    ids=["small", "huge", "negative", "and a length"],
)
def test_a_body_in_chunks_ends_the_connection(bot, sender, length, size, expected):
    content = body(sender)
    chunks = b"%x\r\n%b\r\n" % (len(content), content) + b"0\r\n\r\n"
    if size:
        chunks = b"%x\r\n" % size
    hidden = head(start="GET /healthz HTTP/1.1")
    status, _, stays = exchange(bot, head("Transfer-Encoding: chunked", *length) + chunks + hidden)
    assert (status, stays) == (expected, False)


STRANGE_STARTS = [
    "GET /healthz",
    "GET /healthz HTTP/0.9",
    "GET /healthz HTTP/1.2",
    "PRI * HTTP/2.0",
    "GET  /healthz HTTP/1.1",
    "GET http://annan.se/healthz HTTP/1.1",
    "GET http://annan.se:99999999/ HTTP/1.1",
    "CONNECT annan.se:443 HTTP/1.1",
    "OPTIONS * HTTP/1.1",
    "GET /\xe5 HTTP/1.1",
    "GET /\xff\xfe HTTP/1.1",
    "GET /\x00 HTTP/1.1",
    "GET healthz HTTP/1.1",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "",
]


@pytest.mark.parametrize("start", STRANGE_STARTS, ids=ascii)
def test_a_strange_first_line_is_refused(bot, start):
    status, said, stays = exchange(bot, head(start=start))
    assert (status, stays) == (400, False)
    assert json.loads(said)["error"]
    assert not re.search("uncaught|InvalidURL|UnicodeEncode", bot.log.read_text(encoding="utf-8"))


@pytest.mark.parametrize("lines", [["X-A: " + "a" * 20_000], ["X-A: a"] * 3000])
def test_giant_headers_are_refused(bot, lines):
    status, _, stays = exchange(bot, head(*lines))
    assert (status, stays) == (413, False)


def test_an_old_client_is_answered_and_let_go(bot, sender):
    start = f"POST {WEBHOOK} HTTP/1.0"
    length = f"Content-Length: {len(body(sender))}"
    status, said, stays = exchange(bot, head(length, start=start) + body(sender))
    assert (status, stays) == (200, False)
    assert CHIEF in said


def test_requests_in_one_packet_are_answered_in_order(bot):
    messages = [("Vem är chef?", CHIEF), ("Vem är projektledare?", "Malin")]
    contents = [body(uuid.uuid4().hex, message) for message, _ in messages]
    with connect(bot) as connection:
        connection.sendall(
            b"".join(head(f"Content-Length: {len(content)}") + content for content in contents)
        )
        # http.client would read the second answer with the first, and throw it away.
        answers = ""
        while messages[-1][1] not in answers and (more := connection.recv(65536)):
            answers += more.decode()
    assert answers.count("HTTP/1.1 200 OK") == len(messages)
    assert answers.index(messages[0][1]) < answers.index(messages[1][1])


def test_nothing_sent_comes_back_in_a_header(bot, sender):
    sent = {"X-Request-ID": "smuggled", "Cookie": "a=smuggled", "X-A": "smuggled"}
    query = "?a=smuggled%0d%0aSet-Cookie:%20smuggled"
    for response in (post(bot, body(sender), query=query, **sent), post(bot, b"", **sent)):
        assert "smuggled" not in f"{response.headers}{response.text}"
        assert "Server" not in response.headers


# Paths.


@pytest.mark.parametrize(
    "path",
    [
        "//webhooks/rest/webhook",
        "/webhooks//rest/webhook",
        "/./webhooks/rest/webhook",
        "/x/../webhooks/rest/webhook",
        "/webhooks/rest/webhook;x=1",
        "/webhooks/rest/webhook%00",
        "/webhooks/rest%2fwebhook",
        "/webhooks/rest/%77ebhook%2f..",
        "/webhooks\\rest\\webhook",
        "/WEBHOOKS/REST/WEBHOOK",
        "/webhooks/rest/webhook/x",
        "/webhooks/%C3%A5",
        "/%ff%fe",
        "/%",
        "/" + "a" * 7000,
        "/" + "a/" * 3500,
    ],
)
def test_a_path_that_is_no_route_is_not_found(bot, sender, path):
    request = head(f"Content-Length: {len(body(sender))}", start=f"POST {path} HTTP/1.1")
    status, said, _ = exchange(bot, request + body(sender))
    assert status == 404
    assert "Här finns ingenting" in said


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/widget.js/../../server.py",
        "/..\\..\\etc\\passwd",
        "/widget.js%00.html",
        "/.env",
        "/.git/config",
        "/var/conversations.sqlite",
    ],
)
def test_no_file_can_be_fetched(bot, path):
    status, said, _ = exchange(bot, head(start=f"GET {path} HTTP/1.1"))
    assert status == 404
    assert set(json.loads(said)) == {"error"}


# JSON.


@pytest.mark.parametrize(
    "content",
    [
        b'{"sender": "%(s)s", "message": NaN}',
        b'{"sender": "%(s)s", "message": 1e999}',
        b'{"sender": "%(s)s", "message": "Hej", "n": 1%(zeros)s}',
        b'{"sender": "%(s)s", "message": ["Hej"]}',
        b'{"sender": "%(s)s", "message": {"text": "Hej"}}',
        b'\xef\xbb\xbf{"sender": "%(s)s", "message": "Hej"}',
        b'{"sender": "%(s)s", "message": "\xff\xfe"}',
        b'{"sender": "%(s)s", "message": "\xed\xa0\x80"}',
        b'{"sender": "%(s)s", "message": "\xc0\xaf"}',
        b'{"sender": "%(s)s", "message": "\\u0000"}',
        b'{"sender": "%(s)s", "message": "Hej"} {}',
        b'{"sender": "%(s)s", "message": "Hej"',
        b"sender=%(s)s&message=Hej",
        b"<sender>%(s)s</sender>",
    ],
)
def test_what_is_no_plain_json_is_refused(bot, sender, content):
    response = post(bot, content % {b"s": sender.encode(), b"zeros": b"0" * 6000})
    assert response.status_code == 400
    assert response.json()["error"]


@pytest.mark.parametrize(
    ("deep", "status"), [(b"[" * 7000 + b"]" * 7000, 200), (b"[" * 15000, 400)]
)
def test_brackets_within_brackets_do_no_harm(bot, sender, deep, status):
    content = b'{"sender": "%s", "message": "Hej", "a": %s}' % (sender.encode(), deep)
    assert post(bot, content).status_code == status


@pytest.mark.parametrize(
    "odd", [r"\ud800", r"\udc00\ud800", r"\u001b[31m", r"\u0000", r"\u000b\u0096"]
)
def test_what_is_no_text_is_taken_out_of_a_message(bot, sender, odd):
    content = f'{{"sender": "{sender}", "message": "Vem är {odd}chef?"}}'.encode()
    response = post(bot, content)
    assert response.status_code == 200
    assert CHIEF in response.text


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-32", "utf-7", "cp037"])
def test_other_encodings_are_refused(bot, sender, coding):
    content = (
        body(sender).decode().encode(coding).replace(b"{", b"+AHs-" if "7" in coding else b"{")
    )
    kind = f"application/json; charset={coding}"
    assert post(bot, content, **{"Content-Type": kind}).status_code == 400


def test_the_last_of_two_equal_keys_counts_in_all_that_follows(bot, sender):
    other = uuid.uuid4().hex
    content = f'{{"sender": "{sender}", "sender": "{other}", "message": "Vem är chef?"}}'
    (item,) = post(bot, content.encode()).json()
    assert item["recipient_id"] == other
    assert CHIEF in ask(bot, other, "har hon något telefonnummer?").text
    assert CHIEF not in ask(bot, sender, "har hon något telefonnummer?").text


# Markup.


@pytest.mark.parametrize(
    "message",
    [
        MARKUP,
        "<script>alert(1)</script>",
        '"></script><svg onload=alert(1)>',
        f"Vem är {MARKUP}?",
        "Vem är Pelle <b>Svensson</b>?",
        f"Vad har Pelle {MARKUP} Svensson för nummer?",
        "Vad har Pelle<script>Svensson för nummer?",
        "Vem är &lt;Pelle&gt; Svensson?",
        "[Pelle](javascript:alert(1)) Svensson, vem är det?",
        "Vad har {{7*7}} ${7*7} {person} %(person)s Svensson för nummer?",
    ],
)
def test_markup_never_comes_back(bot, message):
    response = ask(bot, "a-visitor-who-sends-markup", message)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(
        r"[<>]|javascript:|[{$(]person|49|error_id", response.text.replace("\\", "")
    )


def test_markup_in_a_refused_request_does_not_come_back(bot, sender):
    for content in ({"sender": MARKUP}, {"sender": sender, "message": "Hej", "message_id": MARKUP}):
        response = post(bot, content)
        assert response.status_code == 400
        assert "<" not in response.text
    found = requests.get(f"{bot.url}/{MARKUP}", timeout=30)
    assert (found.status_code, found.headers["Content-Type"]) == (404, "application/json")
    assert "onerror" not in found.text


# Too much.


def test_a_huge_body_is_refused_before_it_has_come(bot):
    status, said, stays = exchange(bot, head("Content-Length: 99999999999"))
    assert (status, stays) == (413, False)
    assert "16 kB" in said
    status, _, stays = exchange(bot, head("Content-Length: 16385"), b"x" * 100)
    assert (status, stays) == (413, False)


def test_the_largest_body_is_taken(bot, sender):
    content = body(sender)[:-1] + b', "x": "%s"}'
    filled = content % (b"x" * (16 * 1024 - len(content) + 2))
    assert len(filled) == 16 * 1024
    assert post(bot, filled).status_code == 200
    assert post(bot, filled + b" ").status_code == 413


def test_hundreds_of_half_open_connections_lock_nobody_out(bot):
    connections = [connect(bot) for _ in range(300)]
    try:
        for number, connection in enumerate(connections):
            connection.sendall(head("Content-Length: 90")[: number % 100])
        assert CHIEF in bot.talk("Vem är chef?")
    finally:
        for connection in connections:
            connection.close()


def test_a_flood_in_one_conversation_holds_up_no_other(bot, sender):
    flood = [f"Vem är chef nummer {number}?" for number in range(150)]
    with ThreadPoolExecutor(10) as pool:
        answers = [pool.submit(ask, bot, sender, message) for message in flood]
        answers[0].result()
        assert CHIEF in bot.talk("Vem är chef?")
        assert not answers[-1].done()
    assert {answer.result().status_code for answer in answers} == {200}


def limited(bot, content, route="webhook", **headers):
    response = post(bot, content, route, **headers)
    if response.status_code == 429:
        assert 1 <= int(response.headers["Retry-After"]) <= 3600
        assert "Försök igen om" in response.json()["error"]
    return response.status_code


def test_one_sender_is_limited_whatever_its_address_and_locks_out_nobody(limited_bot, sender):
    forwarded = [{"X-Forwarded-For": f"192.0.2.{number}"} for number in range(6)]
    statuses = [limited(limited_bot, body(sender), **address) for address in forwarded]
    assert statuses == [200, 200, 200, 429, 429, 429]
    assert limited(limited_bot, body(uuid.uuid4().hex), **forwarded[0]) == 200


@pytest.mark.parametrize(
    "forwarded",
    [
        "198.51.100.{n}, 203.0.113.1",
        "{n}, 203.0.113.2",
        "unknown, ::ffff:198.51.100.{n}, 203.0.113.3",
        "198.51.100.{n}, 203.0.113.4, 127.0.0.1",
        "' OR 1=1 --{n}, 203.0.113.5",
        "2001:db8:1:1::{n}",
    ],
)
def test_an_address_is_limited_whatever_it_says_of_itself(limited_bot, forwarded):
    statuses = [
        limited(limited_bot, body(uuid.uuid4().hex), **{"X-Forwarded-For": forwarded.format(n=n)})
        for n in range(12)
    ]
    assert statuses == [200] * 10 + [429] * 2
    elsewhere = {"X-Forwarded-For": f"10.0.0.{len(forwarded)}"}
    assert limited(limited_bot, body(uuid.uuid4().hex), **elsewhere) == 200


@pytest.mark.parametrize("forwarded", ["", ",,,", "rubbish", "1.2.3.4.5", "[::1]", "a" * 5000])
def test_a_proxy_that_says_rubbish_counts_itself(limited_bot, forwarded):
    header = {"X-Forwarded-For": forwarded}
    assert limited(limited_bot, body(uuid.uuid4().hex), **header) in (200, 429)


def test_refused_and_deleting_requests_count_for_the_address_too(limited_bot):
    address = {"X-Forwarded-For": "203.0.113.99"}
    statuses = [limited(limited_bot, b"{}", "delete", **address) for _ in range(11)]
    assert statuses == [400] * 10 + [429]


# Too slow: begun when the first test of this file starts, looked at by the last ones.


SLOW = {
    "nothing at all": (b"", b""),
    "half a first line": (b"POST /webh", b""),
    "half a head": (head()[:-2], b""),
    "a head, byte by byte": (head()[:-2] + b"X-A: ", b"a"),
    "half a body": (head("Content-Length: 90") + b'{"sender', b""),
    "a body, byte by byte": (head("Content-Length: 9000") + b'{"sender": "', b"a"),
    "a body for nobody": (head("Content-Length: 9000", start="POST /x HTTP/1.1"), b"a"),
    "a body where none is read": (
        head("Content-Length: 9000", start="GET /healthz HTTP/1.1"),
        b"a",
    ),
    "silence after an answer": (head(start="GET /healthz HTTP/1.1"), b""),
}


def drip(bot, first: bytes, more: bytes) -> tuple[bytes, bool]:
    """Send a byte now and then; return what came back and whether the bot hung up."""
    said = b""
    with connect(bot) as connection:
        connection.sendall(first)
        connection.settimeout(0.25)
        for _ in range(160):
            try:
                if not (came := connection.recv(65536)):
                    return said, True
                said += came
            except TimeoutError:
                try:
                    connection.sendall(more)
                except OSError:
                    return said, True
            except OSError:
                return said, True
    return said, False


def never_read(bot) -> bool:
    """Ask without taking the answers; return whether the bot hung up."""
    request = head(start="GET /widget.js HTTP/1.1") * 100
    waited = 0
    with connect(bot) as connection:
        connection.settimeout(0.25)
        while waited < 160:
            try:
                connection.send(request)
            except TimeoutError:
                waited += 1
            except OSError:
                return True
    return False


@pytest.fixture(scope="module", autouse=True)
def slow_clients(bot) -> Iterator[dict[str, Future]]:
    with ThreadPoolExecutor(len(SLOW) + 1) as pool:
        clients = {name: pool.submit(drip, bot, *sent) for name, sent in SLOW.items()}
        yield {**clients, "never": pool.submit(never_read, bot)}


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_client_is_shown_out(slow_clients, name):
    said, ended = slow_clients[name].result()
    assert ended
    status = {"silence after an answer": b"200", "a body for nobody": b"404"}.get(name, b"408")
    assert said == b"" if name == "nothing at all" else said.startswith(b"HTTP/1.1 " + status)
    assert said.count(b"HTTP/1.1") <= 1


def test_a_client_that_never_reads_is_shown_out(slow_clients):
    assert slow_clients["never"].result()
