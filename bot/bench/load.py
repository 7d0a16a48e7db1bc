"""A load process: asks questions over HTTP and measures each answer. Imports nothing of ours.

Reads a job as JSON on standard input, writes the seconds of each answer as JSON.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from typing import Any

_PER_CONVERSATION = 4
_TIMEOUT_SECONDS = 120.0


def ask_all(job: dict[str, Any]) -> list[float]:
    """Return the seconds that each question took, one after the other.

    Args:
        job: port, path, questions, name (of the senders), and one_conversation: whether
            all belong together; else a new one begins at every fifth question.

    """
    connection = http.client.HTTPConnection("127.0.0.1", job["port"], timeout=_TIMEOUT_SECONDS)
    headers = {"Content-Type": "application/json"}
    seconds = []
    for place, question in enumerate(job["questions"]):
        number = 0 if job.get("one_conversation") else place // _PER_CONVERSATION
        sender = f"{job['name']}-{number:020d}"
        body = json.dumps({"sender": sender, "message": question})
        began = time.perf_counter()
        connection.request("POST", job["path"], body, headers)
        answer = connection.getresponse()
        content = answer.read()
        seconds.append(time.perf_counter() - began)
        if answer.status != 200 or content == b"[]":
            raise SystemExit(f"{answer.status} {content!r} i svar på {question!r}")
    return seconds


def ask_at_once(job: dict[str, Any]) -> dict[str, Any]:
    """Return the seconds that visitors took together and each; they share the questions."""
    visitors = job["visitors"]
    failed = []
    seconds: list[float] = []

    def visit(number: int) -> None:
        questions = job["questions"][number::visitors]
        try:
            mine = {**job, "questions": questions, "name": f"{job['name']}-{number:02d}"}
            seconds.extend(ask_all(mine))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(visitors)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return {"together": time.perf_counter() - began, "each": seconds}


if __name__ == "__main__":
    given = json.load(sys.stdin)
    json.dump(ask_at_once(given) if "visitors" in given else ask_all(given), sys.stdout)
