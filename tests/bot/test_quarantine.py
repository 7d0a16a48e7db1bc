import asyncio

import pytest

from bot.quarantine import Quarantine, Watch, digest

HEJ = digest("a" * 16, "hej")
TACK = digest("b" * 16, "tack")


def at_work(quarantine: Quarantine, message: bytes, place: int = 0) -> None:
    quarantine.note(place, 0, message)


@pytest.mark.parametrize(("is_certain", "deaths"), [(True, 1), (False, 2)])
def test_what_a_process_died_of_is_refused(is_certain, deaths):
    quarantine = Quarantine(places=2)
    for _ in range(deaths):
        assert not Watch(quarantine).refuses(HEJ)
        at_work(quarantine, HEJ, place=1)
        quarantine.take_over(1, is_certain)
    assert Watch(quarantine).refuses(HEJ)
    assert not Watch(quarantine).refuses(digest("b" * 16, "hej"))
    assert not Watch(quarantine).refuses(digest("a" * 16, "hej då"))


def test_a_process_that_dies_while_it_waits_has_died_of_nothing():
    quarantine = Quarantine()
    for _ in range(3):
        assert quarantine.take_over(0, is_certain=True) == 0


def test_the_oldest_is_forgotten_and_the_latest_kept():
    quarantine = Quarantine()
    messages = [digest("a" * 16, str(number)) for number in range(300)]
    for message in messages:
        at_work(quarantine, message)
        quarantine.take_over(0, is_certain=True)
    assert not quarantine.holds(messages[0])
    assert all(map(quarantine.holds, messages[-256:]))


def test_work_is_noted_while_it_runs_and_not_while_it_waits():
    quarantine = Quarantine()
    seen = []

    def died_now() -> int:
        return quarantine.take_over(0, is_certain=True)

    async def work(later: asyncio.Event) -> str:
        seen.append(died_now())
        await later.wait()
        seen.append(died_now())
        with pytest.raises(ValueError, match="no"):
            await fail()
        return "done"

    async def fail() -> None:
        await asyncio.sleep(0)
        raise ValueError("no")

    async def both() -> str:
        later = asyncio.Event()
        task = asyncio.create_task(Watch(quarantine).over(HEJ, work(later)))
        await asyncio.sleep(0.01)
        seen.append(died_now())
        later.set()
        return await task

    assert asyncio.run(both()) == "done"
    assert seen == [1, 0, 1]
    assert died_now() == 0


def test_work_that_is_cancelled_is_told():
    async def cancelled() -> list[str]:
        told = []

        async def work() -> None:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                told.append("cancelled")
                raise

        task = asyncio.create_task(Watch(Quarantine()).over(HEJ, work()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return told

    assert asyncio.run(cancelled()) == ["cancelled"]


def test_the_encoder_is_noted_for_the_message_that_asked_it():
    quarantine = Quarantine()
    watch = Watch(quarantine)

    async def work() -> int:
        encode = watch.encoding(lambda text: quarantine.take_over(0, is_certain=True))
        return await asyncio.get_running_loop().run_in_executor(None, encode, "hej")

    assert asyncio.run(watch.over(HEJ, work())) == 1
    assert watch.refuses(HEJ)


def test_what_was_encoded_beside_the_message_that_ended_a_process_is_only_suspected():
    quarantine = Quarantine()
    for deaths in range(2):
        quarantine.note(0, 0, TACK)
        quarantine.note(0, 1, HEJ)
        assert quarantine.take_over(0, is_certain=True) == 1 + deaths
        assert quarantine.holds(TACK)
        assert quarantine.holds(HEJ) == bool(deaths)


def test_the_same_words_sent_twice_are_not_the_message_that_was_killed():
    quarantine = Quarantine()
    for sent in (HEJ, TACK):
        quarantine.note(0, 0, HEJ + sent)
        assert quarantine.take_over(0, is_certain=False) == 0
    quarantine.note(0, 0, HEJ + TACK)
    assert quarantine.take_over(0, is_certain=False) == 1
    assert quarantine.holds(HEJ)
