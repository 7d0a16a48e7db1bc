"""Write what was measured: JSON, a Markdown table and pictures."""

from __future__ import annotations

import json
import logging
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

# It warns of its own style files when it is imported.
logging.getLogger("matplotlib").setLevel(logging.ERROR)
import matplotlib  # noqa: E402

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

_NAMES: Final = {"bot": "the bot", "rasa": "stock Rasa", "echo": "echo"}
_COLOURS: Final = {"bot": "#1b6ca8", "rasa": "#c0562f", "echo": "#777777"}
_MS: Final = 1000


def write(results: dict[str, Any], folder: Path) -> None:
    """Write results.json, results.md and latency.png to the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = json.loads(json.dumps(results))
    for one in raw.get("one_visitor", {}).values():
        one.pop("all")
    (folder / "results.json").write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")
    (folder / "results.md").write_text(table(results), encoding="utf-8")
    if "memory_mb" in results:
        _plot(results, folder / "latency.png")


def _over_http(results: dict[str, Any]) -> list[str]:
    one, rates = results["one_visitor"], results["messages_a_second"]
    start, memory = results["start_seconds"], results["memory_mb"]
    return [
        _row("one visitor, p50, ms", one["bot"]["p50"], one["rasa"]["p50"], "≤ 1/8", _MS),
        _row("one visitor, p95, ms", one["bot"]["p95"], one["rasa"]["p95"], "≤ 1/4", _MS),
        _row(
            f"p50 where the encoder was asked ({results['encoder_share']:.0%} of questions), ms",
            [one["bot"]["encoded"]],
            [one["rasa"]["encoded"]],
            "≤ 1/2",
            _MS,
        ),
        _row("p50 against the JSON echo, ms", one["bot"]["p50"], one["echo"]["p50"], "≤ 15", _MS),
        _row("messages a second, 32 visitors", rates["bot"], rates["rasa"], "≥ 8"),
        _row("start to first answer, s", [start["bot"]], [start["rasa"]], "≤ 1/5"),
        _row("memory when serving, MB", [memory["bot"]], [memory["rasa"]], "≤ 1/3"),
    ]


def table(results: dict[str, Any]) -> str:
    """Return what was measured as a table in Markdown."""
    # It comes last of what is measured over HTTP.
    rows = _over_http(results) if "memory_mb" in results else []
    if trained := results.get("training_seconds"):
        own, theirs = [trained["bot"]], [trained["rasa"]]
        rows.append(_row("training from scratch, s", own, theirs, "≤ 1/2"))
    if disk := results.get("disk_mb"):
        rows.append(_row("environment for serving, MB", [disk["bot"]], [disk["rasa"]], "≤ 0.5"))
    lines = [
        "| | the bot | stock Rasa | ratio | goal |",
        "|---|---|---|---|---|",
        *rows,
        "",
        "| the bot alone | | ratio | goal |",
        "|---|---|---|---|",
    ]
    if chat := results.get("chat_seconds"):
        lines.append(f"| `make chat` to first answer, s | {_spread(chat)} | | ≤ 6 |")
    for key, growth in results.get("long_conversation", {}).items():
        name = _NAMES[key]
        ratio = growth["last"] / growth["first"]
        times = f"{growth['first'] * _MS:.1f} → {growth['last'] * _MS:.1f}"
        goal = "≤ 1.2" if key == "bot" else ""
        lines.append(
            f"| message 200 of one conversation against the first ten, {name}, ms "
            f"| {times} | {ratio:.2f} | {goal} |"
        )
    if weights := results.get("memory_after_conversations_mb"):
        few, many = weights.values()
        lines.append(
            f"| memory after 100 and after 10,000 conversations, MB | {few:.0f} → {many:.0f} "
            f"| {many / few:.2f} | ≤ 1.1 |"
        )
    if bigger := results.get("bigger"):
        small, large = (statistics.median(bigger[key]) * _MS for key in ("ordinary", "bigger"))
        lines.append(
            f"| p50 with 10,000 people and 500 facts, ms | {small:.1f} → {large:.1f} "
            f"| {large / small:.2f} | ≤ 1.5 |"
        )
    if right := results.get("right"):
        lines += [
            "",
            f"Right intents on the held-out questions: the bot {right['bot']:.1%}, "
            f"stock Rasa {right['rasa']:.1%}.",
        ]
    if rows:
        one, rates = results["one_visitor"], results["messages_a_second"]
        lines += [
            "",
            f"Medians of {len(one['bot']['p50'])} rounds in turns, after one that is not counted, "
            f"lowest and highest in brackets; "
            f"stock Rasa trained for {results['epochs']} epochs"
            + ("" if results["peer_current"] else " on an earlier state of the examples")
            + f". Echo: p50 {_spread(one['echo']['p50'], _MS)} ms, "
            f"{_spread(rates['echo'])} messages a second.",
        ]
    lines.append("")
    return "\n".join(lines)


def _row(
    name: str, own: Sequence[float], theirs: Sequence[float], goal: str, scale: float = 1
) -> str:
    ratio = statistics.median(own) / statistics.median(theirs)
    shown = f"{ratio:.1f}" if ratio >= 1 else f"1/{1 / ratio:.1f}"
    return f"| {name} | {_spread(own, scale)} | {_spread(theirs, scale)} | {shown} | {goal} |"


def _spread(values: Sequence[float], scale: float = 1) -> str:
    """Return the median, and the lowest and highest where there are several."""
    low, middle, high = (
        value * scale for value in (min(values), statistics.median(values), max(values))
    )
    digits = 0 if middle >= 100 else 1 if middle >= 10 else 2
    middle_text = f"{middle:,.{digits}f}"
    return (
        middle_text if len(values) < 2 else f"{middle_text} ({low:,.{digits}f}–{high:,.{digits}f})"
    )


def _plot(results: dict[str, Any], path: Path) -> None:
    """Draw how many answers came within which time."""
    figure, axes = plt.subplots(figsize=(7, 4))
    for key, one in results["one_visitor"].items():
        seconds = sorted(one["all"])
        shares = [100 * (place + 1) / len(seconds) for place in range(len(seconds))]
        milliseconds = [second * _MS for second in seconds]
        axes.step(milliseconds, shares, where="post", label=_NAMES[key], color=_COLOURS[key])
    axes.set_xscale("log")
    axes.set_xlabel("milliseconds to the answer, over HTTP")
    axes.set_ylabel("answers, %")
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right")
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)
