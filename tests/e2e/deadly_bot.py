"""A bot that three messages hang, freeze or crash: for the tests of who looks after it."""

import os
import signal
import sys

import bot.engine.agent
from bot.channel import readable
from bot.cli import main


def _deadly(text: str) -> str:
    while text == "häng dig":
        pass
    if text == "frys":
        os.kill(os.getpid(), signal.SIGSTOP)
    if text == "krascha":
        os.kill(os.getpid(), signal.SIGSEGV)
    return readable(text)


bot.engine.agent.readable = _deadly
sys.exit(main())
