import asyncio
import time

import pytest

from bot.throttle import Throttle, TooManyError, client_address


def test_each_sender_has_its_own_limit():
    throttle = Throttle("2/minute", "")
    for _ in range(2):
        asyncio.run(throttle.count_sender("a"))
    with pytest.raises(TooManyError) as caught:
        asyncio.run(throttle.count_sender("a"))
    assert 1 <= caught.value.seconds <= 60
    asyncio.run(throttle.count_sender("b"))


def test_an_address_is_limited_whoever_sends():
    throttle = Throttle("", "2/minute")
    for address in ("1.2.3.4", "1.2.3.4", "5.6.7.8"):
        asyncio.run(throttle.count_address(address))
    with pytest.raises(TooManyError):
        asyncio.run(throttle.count_address("1.2.3.4"))


def test_a_net_of_the_sixth_version_is_one_visitor():
    throttle = Throttle("", "1/minute")
    asyncio.run(throttle.count_address("2001:db8::1"))
    with pytest.raises(TooManyError):
        asyncio.run(throttle.count_address("2001:db8::2"))
    asyncio.run(throttle.count_address("2001:db8:1::1"))


@pytest.fixture
def clock(monkeypatch):
    """Set the clock on the wall; the one that measures goes on."""
    right = time.time

    def set_by(seconds):
        monkeypatch.setattr(time, "time", lambda: right() + seconds)

    return set_by


def test_those_who_have_left_are_forgotten(clock):
    throttle = Throttle("5/hour", "5/hour")
    storage = throttle._here.storage
    for number in range(1000):
        asyncio.run(throttle.count_sender(f"sender{number}"))
        asyncio.run(throttle.count_address(f"10.0.{number // 250}.{number % 250}"))

    def remembered() -> int:
        return sum(len(held) for held in vars(storage).values() if hasattr(held, "__len__"))

    assert remembered() >= 2000
    clock(2 * 3600)
    storage.timer.join()  # It looks for them once more at the next message.
    asyncio.run(throttle.count_sender("later"))
    storage.timer.join()
    assert remembered() < 10


@pytest.mark.parametrize("seconds", [-2, -3600, -86400])
def test_a_clock_that_is_set_back_keeps_nobody_waiting_for_long(clock, seconds):
    throttle = Throttle("1/minute", "")
    asyncio.run(throttle.count_sender("a"))
    clock(seconds)
    asyncio.run(throttle.count_sender("a"))
    with pytest.raises(TooManyError) as caught:
        asyncio.run(throttle.count_sender("a"))
    assert 1 <= caught.value.seconds <= 60


def test_a_clock_that_is_set_back_in_the_midst_of_it_is_no_longer_wait_either(clock):
    throttle = Throttle("1/minute", "")
    asyncio.run(throttle.count_sender("a"))
    window = throttle._here.get_window_stats

    def then_set_back(*arguments):
        found = window(*arguments)
        clock(-86400)
        return found

    throttle._here.get_window_stats = then_set_back
    with pytest.raises(TooManyError) as caught:
        asyncio.run(throttle.count_sender("a"))
    assert 1 <= caught.value.seconds <= 60


def test_the_fourth_version_within_the_sixth_is_the_fourth():
    throttle = Throttle("", "1/minute")
    asyncio.run(throttle.count_address("::ffff:1.2.3.4"))
    asyncio.run(throttle.count_address("::ffff:5.6.7.8"))
    with pytest.raises(TooManyError):
        asyncio.run(throttle.count_address("1.2.3.4"))


def test_no_limit_limits_nothing():
    throttle = Throttle("", "")
    for _ in range(1000):
        asyncio.run(throttle.count_sender("a"))
        asyncio.run(throttle.count_address("1.2.3.4"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("9.9.9.9", None, "9.9.9.9"),
        ("9.9.9.9", "1.2.3.4", "9.9.9.9"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "1.2.3.4, 10.0.0.2", "1.2.3.4"),
        ("10.0.0.1", "1.2.3.4, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3", "10.0.0.3"),
        ("::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"),
    ],
)
def test_only_trusted_proxies_are_believed(peer, forwarded, address):
    assert client_address(peer, forwarded, ["10.0.0.0/8"]) == address
