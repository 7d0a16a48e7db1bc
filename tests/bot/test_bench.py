import json

import pytest

from bot.bench import report, scale
from bot.bench.servers import echo
from bot.errors import BotError

TIMES = {"p50": [0.004, 0.005, 0.006], "p95": [0.02] * 3, "encoded": 0.03, "all": [0.004, 0.02]}
RESULTS = {
    "epochs": 20,
    "peer_current": False,
    "encoder_share": 0.2,
    "right": {"bot": 0.979, "rasa": 0.914},
    "one_visitor": {
        "bot": TIMES,
        "rasa": {**TIMES, "p50": [0.04, 0.05, 0.06]},
        "echo": {**TIMES, "p50": [0.0005] * 3},
    },
    "messages_a_second": {"bot": [200.0], "rasa": [20.0], "echo": [2000.0]},
    "start_seconds": {"bot": 4.0, "rasa": 30.0},
    "memory_mb": {"bot": 300.0, "rasa": 1200.0},
    "disk_mb": {"bot": 768.0, "rasa": 2543.0},
    "chat_seconds": [5.0],
    "long_conversation": {
        "bot": {"first": 0.005, "last": 0.005},
        "rasa": {"first": 0.05, "last": 0.1},
    },
}


def test_the_report_tells_ratios_and_an_outdated_peer(tmp_path):
    report.write(RESULTS, tmp_path)
    table = (tmp_path / "results.md").read_text("utf-8")
    assert (
        "| one visitor, p50, ms | 5.00 (4.00–6.00) | 50.0 (40.0–60.0) | 1/10.0 | ≤ 1/8 |" in table
    )
    assert "| messages a second, 32 visitors | 200 | 20.0 | 10.0 | ≥ 8 |" in table
    assert "50.0 → 100.0 | 2.00 |" in table
    assert "earlier state of the examples" in table
    assert "all" not in json.loads((tmp_path / "results.json").read_text())["one_visitor"]["bot"]
    assert (tmp_path / "latency.png").stat().st_size > 1000


def test_a_part_that_failed_is_left_out(tmp_path):
    left = {key: RESULTS[key] for key in ("epochs", "peer_current", "right", "chat_seconds")}
    report.write(left, tmp_path)
    assert "| `make chat` to first answer, s | 5.00 |" in (tmp_path / "results.md").read_text(
        "utf-8"
    )
    assert not (tmp_path / "latency.png").exists()


def test_the_load_process_times_each_answer_and_refuses_a_wrong_one():
    with echo() as server:
        assert len(server.load(["a", "b", "c"], "test")) == 3
        assert server.load(["a"] * 8, "test", visitors=4)["together"] > 0
        assert server.memory() > 10
        server.path = "/nowhere"
        with pytest.raises(BotError, match="404"):
            server.load(["a"], "test")


def test_setups_are_compared_within_a_round():
    def setup(*milliseconds):
        seconds = [one / 1000 for one in milliseconds]
        return {
            "alone": seconds,
            "rates": [100.0] * len(seconds),
            "each": [(0.1, 0.2)] * len(seconds),
            "processor": [{"bot": one} for one in seconds],
        }

    # The machine is slower with each round; two processes cost 1.3, 1.3, 0.9, 1.1 and 1.1 times.
    one, two = setup(5, 7, 9, 11, 13), setup(6.5, 9.1, 8.1, 12.1, 14.3)
    results = {
        "setups": {"embedded": setup(4, 6, 8, 10, 12), "1": one, "2": two, "4": two},
        "waiting_seconds": [0.009] * 3,
        "bytes_a_conversation": {"conversations": 1024, "answers": 512},
        "cores": 2,
        "minutes": 6,
    }
    table = scale.table(results)
    assert "two processes against one | 1.10 (quartiles 1.00 and 1.30) | ≤ 1.11 |" in table
    assert "one visitor, ms a message | 1.00 | ≤ 4 |" in table
    assert "| 2 behind nginx | 9.1 [6.5–14.3] |" in table
    assert "one by one, ms p50 / p95 | 9.0 / 9.0 | ≤ 50 |" in table
    assert "Medians of 5 short rounds" in table
