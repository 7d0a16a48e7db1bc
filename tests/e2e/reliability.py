"""Write what `make soak` has measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write(figures: dict[str, Any], folder: Path) -> None:
    """Write reliability.json and reliability.md."""
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    (folder / "reliability.json").write_text(text + "\n", encoding="utf-8")
    (folder / "reliability.md").write_text(table(figures), encoding="utf-8")


def table(figures: dict[str, Any]) -> str:
    """Return the figures in Markdown; a short run says that it is one."""
    kills, load = figures["kills"], figures["load"]
    short = kills["kills"] < kills["wanted"] or round(load["minutes"]) < load["wanted_minutes"]
    rows = [
        ("kills (`kill -9`) under load", f"{kills['kills']}"),
        ("conversations across them, all in order", f"{kills['conversations']:,}"),
        ("messages, none lost and none twice", f"{kills['messages']:,}"),
        ("messages sent again, each with its first reply", f"{kills['repeated']:,}"),
        ("requests cut off by a kill, and sent again", f"{kills['connections_lost']:,}"),
        ("minutes at full speed", f"{load['minutes']:.1f}"),
        ("visitors at once", f"{load['visitors']}"),
        ("conversations", f"{load['conversations']:,}"),
        ("messages, every reply the right one", f"{load['messages']:,}"),
        ("messages a second", f"{load['a_second']:.0f}"),
        ("answered in, p50 / p95 / slowest, ms",
         f"{load['p50_ms']:.0f} / {load['p95_ms']:.0f} / {load['slowest_ms']:.0f}"),
        ("facts changed under way, in the next answer each time", f"{load['change_fact']}"),
        ("fact files broken under way, the old facts told", f"{load['break_facts']}"),
        ("models replaced / damaged under way",
         f"{load['replace_model']} / {load['damage_model']}"),
        ("memory warm / most / at the end, MB",
         f"{load['memory_warm_mb']:.0f} / {load['memory_most_mb']:.0f} / "
         f"{load['memory_end_mb']:.0f}"),
    ]  # fmt: skip
    lines = ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
    if short:
        said = f"{kills['kills']} kills and {load['minutes']:.0f} min instead of "
        said += f"{kills['wanted']} and {load['wanted_minutes']}"
        lines = [f"**From a short run: {said}.**", "", *lines]
    return "\n".join(lines) + "\n"
