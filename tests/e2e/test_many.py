"""Many processes are one bot: on PostgreSQL, with Redis, behind nginx."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from tests.e2e.engines import Nginx, Postgres, Redis, deployed_site, started
from tests.e2e.kills import FEWEST, MOST
from tests.e2e.visitors import Crowd

ROOT = Path(__file__).resolve().parent.parent.parent
VISITORS = 8
LAW = [("Vad säger lagen?", "2013:801"), ("ja tack", "Kulturförvaltningen ansvarar")]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    engine = started(Postgres)
    yield engine
    engine.end()


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    engine = started(Redis)
    yield engine
    engine.end()


@pytest.fixture
def shared(postgres: Postgres, redis: Redis) -> dict[str, str]:
    """What makes processes one bot."""
    return {"BOT_DATABASE_URL": postgres.url, "BOT_REDIS_URL": redis.url}


@pytest.fixture(scope="module")
def pair(
    postgres: Postgres,
    redis: Redis,
    start_bot: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[list[Any]]:
    """Two bots, as on two hosts."""
    shared = {"BOT_DATABASE_URL": postgres.url, "BOT_REDIS_URL": redis.url}
    bots = [start_bot(ROOT, tmp_path_factory.mktemp("host"), **shared) for _ in range(2)]
    yield bots
    for bot in bots:
        bot.stop()


def post(bot: Any, body: dict[str, str], route: str = "webhook") -> requests.Response:
    return requests.post(f"{bot.url}/webhooks/rest/{route}", json=body, timeout=60)


def said(response: requests.Response) -> str:
    return "\n".join(item["text"] for item in response.json())


def test_any_process_takes_any_message_of_a_conversation(pair):
    one, other = pair
    sender = uuid.uuid4().hex
    assert "Daniella" in said(post(one, {"sender": sender, "message": "Vem är chef?"}))
    assert "Daniella" in said(post(other, {"sender": sender, "message": "Har hon telefon?"}))
    again = {"sender": sender, "message": "och Sara?", "message_id": "m1"}
    first = post(other, again)
    assert "Sara Tröen" in said(first)
    assert post(one, again).content == first.content
    vote = {"sender": sender, "id": "role_head", "vote": "up"}
    assert post(one, vote, "feedback").ok
    assert post(other, {"sender": sender}, "delete").ok
    assert post(one, vote, "feedback").status_code == 404
    offered = json.dumps(post(one, {"sender": sender, "message": "Vem är Anna?"}).json())
    payload = re.findall(r'"payload": "(/contact_all)"', offered)[0]
    assert "10 medarbetare" in said(post(other, {"sender": sender, "message": payload}))


def test_one_message_at_two_processes_at_the_same_moment_is_answered_once(pair, postgres):
    with ThreadPoolExecutor(4) as pool:
        for _ in range(20):
            sender = uuid.uuid4().hex
            post(pair[0], {"sender": sender, "message": "Vilka är konsulenter?"})
            post(pair[0], {"sender": sender, "message": "den första"})
            body = {"sender": sender, "message": "nästa", "message_id": "m1"}
            replies = list(
                pool.map(lambda number, body=body: post(pair[number % 2], body), range(4))
            )
            assert {reply.status_code for reply in replies} == {200}
            assert len({reply.content for reply in replies}) == 1
            assert "Bodil Alvarsdotter" in said(replies[0])
            following = said(post(pair[1], {"sender": sender, "message": "nästa"}))
            assert "Eva Fred" in following


def test_messages_of_one_visitor_are_taken_one_after_the_other(pair):
    with ThreadPoolExecutor(4) as pool:
        for _ in range(10):
            sender = uuid.uuid4().hex
            post(pair[0], {"sender": sender, "message": "Vilka är konsulenter?"})
            post(pair[1], {"sender": sender, "message": "den första"})
            body = {"sender": sender, "message": "nästa"}
            replies = pool.map(lambda number, body=body: post(pair[number % 2], body), range(4))
            names = {
                re.match(r"[\wÅÄÖåäö-]+ [\wÅÄÖåäö]+", said(reply)).group() for reply in replies
            }
            assert names == {"Bodil Alvarsdotter", "Eva Fred", "Kajsa Lunde", "Katarina Larson"}


def test_limits_are_counted_together(shared, start):
    limited = [start(**shared, BOT_RATE_LIMIT="4/hour") for _ in range(2)]
    sender = uuid.uuid4().hex
    statuses = [
        post(limited[number % 2], {"sender": sender, "message": "hej"}).status_code
        for number in range(6)
    ]
    assert statuses == [200] * 4 + [429] * 2


def test_a_process_that_is_killed_is_replaced_and_nothing_is_lost(shared, start, postgres):
    bot = start(**shared, BOT_WORKERS="2")
    port = int(bot.url.rpartition(":")[2])
    chance = random.Random(7)
    before = set(bot.workers())
    assert len(before) == 2
    with Crowd(port, VISITORS, seed=7) as crowd:
        for _ in range(4):
            crowd.wait_for(chance.randint(FEWEST, MOST))
            os.kill(chance.choice(bot.workers()), signal.SIGKILL)
    for visitor in crowd.visitors:
        visitor.ask_everything_again()
    kept = set(postgres.rows("SELECT sender, message_id FROM answers"))
    assert crowd.replies <= kept
    end = time.monotonic() + 60
    while len(set(bot.workers()) - before) < 1 or len(bot.workers()) < 2:
        assert time.monotonic() < end, "nobody takes the place of those that were killed"
        time.sleep(0.1)


def at_work(bot: Any, number: int, killed: set[int]) -> list[int]:
    """Return the processes that answer, once there are so many beside those that were killed."""
    end = time.monotonic() + 60
    while True:
        told = bot.figures()
        serving = re.findall(r'^bot_serving{.*pid="(\d+)"} 1\.0$', told, re.MULTILINE)
        found = set(map(int, serving)) & set(bot.workers()) - killed
        if len(found) == number:
            return sorted(found)
        assert time.monotonic() < end, told
        time.sleep(0.2)


@pytest.fixture
def proxy() -> Iterator[Callable[[str], Nginx]]:
    """Start an nginx with a site."""
    running: list[Nginx] = []

    def begin(site: str) -> Nginx:
        running.append(started(Nginx, site))
        return running[-1]

    yield begin
    for one in running:
        one.end()


def test_behind_nginx_nobody_notices_that_a_process_is_killed(shared, start, proxy, postgres):
    bot = start(**shared, BOT_WORKERS="2", BOT_TRUSTED_PROXIES="127.0.0.1")
    nginx = proxy(deployed_site(int(bot.url.rpartition(":")[2])))
    chance = random.Random(11)
    with Crowd(nginx.port, VISITORS, seed=11, bears=True) as crowd:
        killed: set[int] = set()
        for _ in range(4):
            victim = chance.choice(at_work(bot, 2, killed))
            crowd.wait_for(chance.randint(FEWEST, MOST))
            os.kill(victim, signal.SIGKILL)
            killed.add(victim)
        crowd.wait_for(100)
    told = (nginx.folder / "log").read_text(encoding="utf-8")
    assert crowd.refusals == [], told
    assert [began for line in crowd.lines for began in line.unanswered] == []
    assert crowd.replies <= set(postgres.rows("SELECT sender, message_id FROM answers"))


def test_what_nginx_sends_twice_is_answered_once(shared, start):
    bot = start(**shared, BOT_TRUSTED_PROXIES="127.0.0.1")
    sender, header = uuid.uuid4().hex, {"X-Request-ID": uuid.uuid4().hex}
    post(bot, {"sender": sender, "message": "Vilka är konsulenter?"})
    post(bot, {"sender": sender, "message": "den första"})
    address, body = f"{bot.url}/webhooks/rest/webhook", {"sender": sender, "message": "nästa"}
    twice = [requests.post(address, json=body, headers=header, timeout=60) for _ in range(2)]
    assert twice[0].content == twice[1].content
    assert "Bodil Alvarsdotter" in said(twice[0])
    assert "Eva Fred" in said(post(bot, body))
    other = start(**shared)  # Which trusts nobody's word.
    address = f"{other.url}/webhooks/rest/webhook"
    asked = [requests.post(address, json=body, headers=header, timeout=60) for _ in range(2)]
    assert "Kajsa Lunde" in said(asked[0])
    assert "Katarina Larson" in said(asked[1])


def test_the_site_says_so_when_nobody_answers_and_hides_what_is_for_us(start, proxy):
    bot = start(BOT_TRUSTED_PROXIES="127.0.0.1")
    nginx = proxy(deployed_site(int(bot.url.rpartition(":")[2])))
    site = f"http://127.0.0.1:{nginx.port}"
    assert "Biblioteksutveckling" in requests.get(site, timeout=30).text
    assert "max-age" in requests.get(site, timeout=30).headers["Strict-Transport-Security"]
    for hidden in ("/metrics", "/readyz", "/metrics/", "/readyz//", "/healthz"):
        assert requests.get(site + hidden, timeout=30).status_code == 404
    too_much = requests.post(f"{site}/webhooks/rest/webhook", data=b"x" * 20_000, timeout=30)
    assert too_much.status_code == 413
    assert "för stort" in too_much.json()["error"]
    body = {"sender": uuid.uuid4().hex, "message": "hej"}
    webhook = f"{site}/webhooks/rest/webhook"
    for origin, status in ((site, 200), ("https://foreign.example", 403)):
        asked = requests.post(webhook, json=body, headers={"Origin": origin}, timeout=30)
        assert asked.status_code == status, "a page of the site itself may ask, on any port"
    bot.stop()
    away = requests.post(f"{site}/webhooks/rest/webhook", json={}, timeout=30)
    assert away.status_code == 503
    assert "går inte att nå just nu" in away.json()["error"]
    assert away.headers["Retry-After"] == "5"
    assert away.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_address_of_the_sixth_version_is_taken(start, workers):
    bot = start(BOT_HOST="::1", BOT_WORKERS=workers)
    bot.url = bot.url.replace("127.0.0.1", "[::1]")
    assert "Daniella" in bot.talk("Vem är chef?")
    assert "bot_messages_total" in bot.figures()


def test_all_processes_end_together(shared, start):
    bot = start(**shared, BOT_WORKERS="2")
    mine = bot.workers()
    bot.process.send_signal(signal.SIGTERM)
    assert bot.process.wait(timeout=60) == 0
    assert not [one for one in mine if os.path.exists(f"/proc/{one}")]
    assert not re.search("Traceback|ERROR", bot.log.read_text(encoding="utf-8"))


def begun(folder: Path, project: Path = ROOT, **settings: str) -> subprocess.CompletedProcess[str]:
    """Start a bot that is to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=project,
        env={**os.environ, "BOT_DATA_DIR": str(folder), **settings},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_database_that_refuses_is_told_at_once(postgres, tmp_path, free_port):
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS guest")
        connection.execute("CREATE ROLE guest LOGIN")
        connection.execute("CREATE DATABASE of_another")
    url = postgres.url.replace("bot@", "guest@").replace("/postgres", "/of_another")
    ended = begun(tmp_path, BOT_DATABASE_URL=url, BOT_PORT=str(free_port()))
    assert ended.returncode == 1
    assert "Se BOT_DATABASE_URL." in ended.stderr
    assert "permission denied" in ended.stderr
    assert "Väntar" not in ended.stdout


def test_why_a_database_is_waited_for_is_told(tmp_path, free_port):
    port = str(free_port())
    waiting = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env={
            **os.environ,
            "BOT_DATA_DIR": str(tmp_path),
            "BOT_DATABASE_URL": "postgresql://bot@127.0.0.1:1/bot",
            "BOT_PORT": port,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert waiting.stdout
    assert waiting.stdout.readline() == "Startar chattboten …\n"
    told = waiting.stdout.readline()
    assert told.startswith("Väntar på databasen … (PostgreSQL: ")
    assert "Connection refused" in told
    waiting.terminate()
    _, complaints = waiting.communicate(timeout=30)
    assert waiting.returncode == 128 + signal.SIGTERM
    assert complaints == ""


def test_processes_that_cannot_count_together_say_where(tmp_path, free_port):
    nowhere = tmp_path / "file"
    nowhere.write_text("")
    ended = begun(nowhere, BOT_WORKERS="2", BOT_PORT=str(free_port()))
    assert ended.returncode == 1
    assert "Se BOT_DATA_DIR." in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_start_by_mistake_takes_no_figures_away(start, tmp_path):
    bot = start(BOT_WORKERS="2")
    bot.talk("Vem är chef?")
    port = bot.url.rpartition(":")[2]
    ended = begun(bot.database.parent, BOT_WORKERS="2", BOT_PORT=port)
    assert "Kör den redan?" in ended.stderr
    told = bot.figures()
    assert re.search(r'^bot_messages_total{.*intent="role_head".*} 1.0$', told, re.MULTILINE)


def test_a_process_that_is_still_loading_ends_with_the_others(start):
    bot = start(BOT_WORKERS="2")
    before = set(bot.workers())
    os.kill(min(before), signal.SIGKILL)
    end = time.monotonic() + 60
    while not set(bot.workers()) - before:
        assert time.monotonic() < end, "nobody takes its place"
        time.sleep(0.01)
    bot.process.send_signal(signal.SIGTERM)
    assert bot.process.wait(timeout=60) == 0


def test_processes_that_cannot_begin_end_and_say_why(project, tmp_path, free_port):
    model = project / "models" / "bot.tar.gz"
    model.write_bytes(model.read_bytes()[:1000])
    ended = begun(tmp_path, project, BOT_WORKERS="2", BOT_PORT=str(free_port()))
    assert ended.returncode == 1
    assert "bot.tar.gz går inte att ladda" in ended.stderr
    assert ended.stderr.endswith("Chatten kan inte starta. Varför står i loggen.\n")
    assert "Traceback" not in ended.stderr


def test_when_no_process_can_take_the_place_of_the_last_one_the_program_ends(start, project):
    bot = start(project, BOT_WORKERS="2")
    model = project / "models" / "bot.tar.gz"
    whole = model.read_bytes()
    model.write_bytes(whole[:1000])
    one, other = bot.workers()
    os.kill(one, signal.SIGKILL)
    end = time.monotonic() + 60
    while "bot.tar.gz går inte att ladda" not in bot.log.read_text(encoding="utf-8"):
        assert time.monotonic() < end, "nobody tries to take its place"
        time.sleep(0.05)
    assert "Daniella" in bot.talk("Vem är chef?"), "the other one answers"
    os.kill(other, signal.SIGKILL)
    assert bot.process.wait(timeout=60) == 1, "whoever looks after the program must know"


@pytest.mark.parametrize(
    "settings", [{"BOT_PROT": "1"}, {"BOT_WORKERS": "2", "BOT_DATA_DIR": "/dev/null/x"}]
)
def test_what_stops_a_start_is_json_too(tmp_path, free_port, settings):
    ended = begun(tmp_path, BOT_PORT=str(free_port()), BOT_LOG_FORMAT="json", **settings)
    assert ended.returncode == 1
    told = [json.loads(line) for line in (ended.stderr + ended.stdout).splitlines()]
    assert any("BOT_" in one["message"] for one in told)


def test_publishing_to_a_database_that_is_not_there_says_what_to_do(postgres, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "bot", "publish"],
        cwd=ROOT,
        env={
            **os.environ,
            "BOT_DATA_DIR": str(tmp_path),
            "BOT_DATABASE_URL": postgres.url.replace("/postgres", "/nowhere"),
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "Se BOT_DATABASE_URL." in done.stderr
    assert 'database "nowhere" does not exist' in done.stderr


@pytest.fixture
def away(start, tmp_path) -> Iterator[tuple[Any, Postgres, Redis]]:
    """A bot whose engines may be taken away."""
    postgres, redis = started(Postgres), started(Redis)
    yield start(BOT_DATABASE_URL=postgres.url, BOT_REDIS_URL=redis.url), postgres, redis
    for engine in (postgres, redis):
        engine.end()


@pytest.mark.parametrize("how", ["stop", "freeze"])
def test_without_redis_visitors_are_answered_all_the_same(away, how):
    bot, _, redis = away
    port = int(bot.url.rpartition(":")[2])
    with Crowd(port, VISITORS, seed=3) as crowd:
        crowd.wait_for(50)
        getattr(redis, how)()
        crowd.wait_for(200)
        assert requests.get(f"{bot.url}/readyz", timeout=60).ok
        redis.thaw() if how == "freeze" else redis.start()
        crowd.wait_for(100)
    assert "Redis svarar inte som det ska" in bot.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("how", ["stop", "freeze"])
def test_without_postgres_visitors_are_told_so_until_it_is_back(away, how):
    bot, postgres, _ = away
    port = int(bot.url.rpartition(":")[2])
    with Crowd(port, VISITORS, seed=4, bears=True) as crowd:
        crowd.wait_for(50)
        getattr(postgres, how)()
        end = time.monotonic() + 60
        while len(crowd.refusals) < 2 * VISITORS:
            assert time.monotonic() < end, "nobody is told"
            time.sleep(0.05)
        assert requests.get(f"{bot.url}/readyz", timeout=60).status_code == 503
        assert "bot_database_down 1.0" in bot.figures()
        postgres.thaw() if how == "freeze" else postgres.start()
        crowd.wait_for(200)
        assert requests.get(f"{bot.url}/readyz", timeout=60).ok
        assert "bot_database_down 0.0" in bot.figures()
    assert "Traceback" not in bot.log.read_text(encoding="utf-8")
    for status, reply in crowd.refusals:
        assert status == 503
        assert "Jag kan inte komma åt samtalen just nu" in reply.decode()
    for visitor in crowd.visitors:
        visitor.ask_everything_again()
    assert crowd.replies <= set(postgres.rows("SELECT sender, message_id FROM answers"))


@pytest.mark.parametrize("how", ["stop", "freeze"])
def test_without_both_visitors_are_told_in_time_and_nothing_is_taken_later(away, how):
    bot, postgres, redis = away
    sender = uuid.uuid4().hex
    post(bot, {"sender": sender, "message": "Vilka är konsulenter?"})
    post(bot, {"sender": sender, "message": "den första"})
    for engine in (redis, postgres):
        getattr(engine, how)()
    body = {"sender": sender, "message": "nästa"}
    with ThreadPoolExecutor(3) as pool:
        refused = list(pool.map(lambda _: post(bot, body), range(3)))
    for reply in refused:
        assert reply.status_code == 503
        assert "Jag kan inte komma åt samtalen just nu" in said(reply)
    for engine in (redis, postgres):
        engine.thaw() if how == "freeze" else engine.start()
    end = time.monotonic() + 60
    while (reply := post(bot, body)).status_code == 503:
        assert time.monotonic() < end, "it does not come back"
    assert "Bodil Alvarsdotter" in said(reply)


def test_what_is_published_reaches_every_process_and_host(redis, start, project):
    own = started(Postgres)
    try:
        shared = {"BOT_DATABASE_URL": own.url, "BOT_REDIS_URL": redis.url}
        bots = [start(**shared, BOT_WORKERS="2"), start(**shared)]
        contacts = project / "data" / "knowledge" / "contacts.yml"
        text = contacts.read_text(encoding="utf-8")
        contacts.write_text(text.replace("name: Daniella Pind", "name: Vega Lind"), "utf-8")

        def publish() -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-m", "bot", "publish"],
                cwd=project,
                env={**os.environ, **shared, "BOT_DATA_DIR": str(project / "var")},
                capture_output=True,
                text=True,
            )

        with Crowd(int(bots[0].url.rpartition(":")[2]), 4, seed=9, script=lambda _: LAW) as crowd:
            crowd.wait_for(20)
            done = publish()
            assert done.returncode == 0, done.stderr
            assert "Publicerat: fakta" in done.stdout
            end = time.monotonic() + 60
            for bot in bots:
                streak = 0
                while streak < 12:  # Every process of the host, many times over.
                    told = bot.talk("Vem är chef?")
                    streak = streak + 1 if "Vega Lind" in told else 0
                    assert time.monotonic() < end, told
            crowd.wait_for(20)

        contacts.write_text(text.replace("people:", "poeple:"), "utf-8")
        refused = publish()
        assert refused.returncode == 1
        assert "poeple" in refused.stderr
        assert "Vega Lind" in bots[0].talk("Vem är chef?")
        own.stop()
        later = subprocess.run(
            [sys.executable, "-m", "bot", "publish"],
            cwd=project,
            env={**os.environ, **shared, "BOT_DATA_DIR": str(project / "var")},
            capture_output=True,
            text=True,
        )
        assert later.returncode == 1
        assert "Traceback" not in later.stderr
    finally:
        own.end()
