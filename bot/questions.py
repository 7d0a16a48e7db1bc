"""Put to use what visitors asked in vain: group it, and make examples or tests of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from bot.errors import BotError, FileError
from bot.masking import MASK
from bot.nlu_files import folded, nlu_files, read
from bot.question_store import NOT_UNDERSTOOD, THUMB_DOWN, Question
from bot.staff_files import shown
from bot.yaml_file import FAST, compose

# How unlike two questions of a group may be: 0 is the same, 1 nothing in common.
_FURTHEST: Final = 0.6
_NEAREST: Final = 3
_REASONS: Final = {NOT_UNDERSTOOD: "förstods inte", THUMB_DOWN: "tummen ned"}


def listing(questions: Sequence[Question]) -> Iterator[str]:
    """Yield the questions a line each, those that are alike together, most frequent first."""
    for group in grouped(questions):
        nearest = dict.fromkeys(name for question in group for name in question.nearest)
        texts = Counter(question.text for question in group)
        times = "en gång" if len(group) == 1 else f"{len(group)} gånger"
        yield f"{times}, närmast {', '.join(list(nearest)[:_NEAREST]) or 'ingenting'}"
        for text in sorted(texts, key=lambda one: -texts[one]):
            same = [question for question in group if question.text == text]
            numbers = ",".join(str(question.id) for question in same)
            reasons = ", ".join(dict.fromkeys(_REASONS[question.reason] for question in same))
            yield f"  {numbers:>6}  {' '.join(text.split())}  ({reasons})"
        yield ""


def grouped(questions: Sequence[Question]) -> list[list[Question]]:
    """Return questions that are alike together, the largest group first."""
    # Takes a second, which moving a question need not wait for.
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.feature_extraction.text import TfidfVectorizer

    if len(questions) < 2:
        return [[one] for one in questions]
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), lowercase=True)
    rows = characters.fit_transform([f" {one.text} " for one in questions]).toarray()
    clusters = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=_FURTHEST
    ).fit_predict(rows)
    groups: dict[int, list[Question]] = {}
    for cluster, question in zip(clusters, questions, strict=True):
        groups.setdefault(cluster, []).append(question)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0].id))


def add_example(folder: Path, intent: str, text: str, held_out: Path) -> str:
    """Write a sentence last among the examples of an intent; return the file and the line.

    Args:
        folder: NLU files, of examples or of test questions.
        intent: what the sentence asks for.
        text: the sentence.
        held_out: the NLU files that must not hold the same.

    Raises:
        BotError: no file has the intent, or the sentence stands somewhere already.

    """
    line = " ".join(text.replace("[", "(").replace("]", ")").split())
    if MASK in line:
        raise BotError(f"”{line}” har uppgifter som är borttagna. Skriv en egen fråga i stället.")
    wanted = folded(line)
    for other in (folder, held_out):
        for path in nlu_files(other):
            for example in read(path):
                if example.folded == wanted:
                    where = f"{example.file}, rad {example.line}, under {example.intent}"
                    raise BotError(f"”{line}” finns redan: {where}.")
    for path in nlu_files(folder):
        root, _ = compose(path, FAST)
        for block in _blocks(root):
            fields = {key.value: value for key, value in block.value}
            if fields.get("intent") and fields["intent"].value == intent and "examples" in fields:
                return _insert(path, fields["examples"], line)
    raise BotError(
        f"Inget intent i {shown(folder)} heter {intent}. make questions visar de närmaste."
    )


def _blocks(root: Any) -> Iterator[Any]:
    for key, value in root.value if isinstance(root, yaml.MappingNode) else []:
        if key.value == "nlu":
            yield from value.value


def _insert(path: Path, examples: yaml.ScalarNode, line: str) -> str:
    """Put a line after the last of a block, indented as the first."""
    lines = path.read_text(encoding="utf-8").split("\n")
    first, last = examples.start_mark.line + 1, examples.end_mark.line
    while not lines[last - 1].strip():
        last -= 1
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
    lines.insert(last, f"{indent}- {line}")
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        read(path)
    except FileError:
        lines.pop(last)
        path.write_text("\n".join(lines), encoding="utf-8")
        raise BotError(f"”{line}” gick inte att skriva i {shown(path)}.") from None
    return f"{shown(path)}, rad {last + 1}"
