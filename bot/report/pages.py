"""Write the report: one HTML page that needs nothing else, the same as Markdown, and figures."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.report import pictures

_TEMPLATES: Final = Path(__file__).parent
_FIGURES: Final = "report.json"
_SPOKEN_OF: Final = {
    "danger": "fara",
    "distress": "att må dåligt",
    "worry": "oro för någon",
    "harmless": "inget farligt",
    "who": "vem någon är",
    "title": "någons titel",
    "is_title": "ja eller nej om en titel",
    "duties": "vad någon arbetar med",
    "contact": "hur någon nås",
    "phone": "någons nummer",
    "email": "någons mejl",
    "other": "något annat",
    "none": "ingenting",
    "strangers": "bara människor som inte arbetar här",
}
# What replies to texts about something else tell, the gravest first.
_OUTSIDE: Final = {
    "alarm": "Larm",
    "fact": "Ett faktum",
    "people": "Vilka som arbetar här",
    "ways": "Hur någon nås",
    "left_out": "Vad sidan utelämnar om ett ämne",
    "referred": "Bara att det inte står på sidan",
}
_COMPARED: Final = ("examples", "questions", "dialogues", "outside")
_PARTS: Final = {"understanding": "förstå frågan", "acting": "svara", "saving": "spara samtalet"}


def write(results: dict[str, Any], folder: Path, now: datetime) -> Path:
    """Write report.html, report.md, the pictures and report.json; return the page.

    What has changed since the figures that the folder holds is told.
    """
    folder.mkdir(parents=True, exist_ok=True)
    figures = folder / _FIGURES
    before = _read(figures)
    drawn = {
        "confusion": pictures.confusion(results["questions"]["taken_for"]),
        "confidences": pictures.confidences(results["questions"]["confidences"]),
    }
    told = {
        **results,
        "now": now.strftime("%Y-%m-%d %H:%M"),
        "changes": list(changes(before, results)),
        "before": before and before["now"],
        "parts": _PARTS,
        "spoken": _SPOKEN_OF,
        "outside_kinds": _OUTSIDE,
    }
    for name, picture in drawn.items():
        (folder / f"{name}.png").write_bytes(picture)
    embedded = {name: base64.b64encode(one).decode() for name, one in drawn.items()}
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["share"] = share
    environment.filters["ms"] = _ms
    for name, more in (("report.html", {"pictures": embedded}), ("report.md", {})):
        page = environment.get_template(f"{name}.j2").render(**told, **more)
        (folder / name).write_text(page + "\n", encoding="utf-8")
    kept = {**results, "now": told["now"]}
    figures.write_text(json.dumps(kept, ensure_ascii=False) + "\n", encoding="utf-8")
    return folder / "report.html"


def share(part: int, whole: int) -> str:
    """Return a share in per cent, as Swedish writes it."""
    return f"{100 * part / whole:.1f} %".replace(".", ",") if whole else "–"


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms".replace(".", ",")


def changes(before: dict[str, Any] | None, now: dict[str, Any]) -> Iterator[str]:
    """Yield in Swedish what is different since the last report."""
    if before is None:
        return
    for name, part in (("Testfrågor rätt", "questions"), ("Dialogsvar rätt", "dialogues")):
        was, has = before[part], now[part]
        if (was["right"], was["total"]) != (has["right"], has["total"]):
            yield (
                f"{name}: {share(was['right'], was['total'])} → "
                f"{share(has['right'], has['total'])} ({was['right']} av {was['total']} → "
                f"{has['right']} av {has['total']})"
            )
    for title, some in (
        ("Blev fel", sorted({*now["questions"]["wrong"]} - {*before["questions"]["wrong"]})),
        ("Blev rätt", sorted({*before["questions"]["wrong"]} - {*now["questions"]["wrong"]})),
    ):
        yield from (f"{title}: {text}" for text in some)
    if before["examples"] != now["examples"]:
        yield f"Exempel: {before['examples']} → {now['examples']}"
    of_before = {one["name"]: one for one in before["outside"]}
    for one in now["outside"]:
        was = of_before.get(one["name"], one)
        if was["false"] != one["false"]:
            yield f"Falska svar, {one['name']}: {was['false']} → {one['false']}"


def _read(figures: Path) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_whole = isinstance(content, dict) and {"now", *_COMPARED} <= content.keys()
    return content if is_whole else None
