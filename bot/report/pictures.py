"""Draw the pictures of the report."""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

# It warns of its own style files when it is imported.
logging.getLogger("matplotlib").setLevel(logging.ERROR)
import matplotlib  # noqa: E402

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

_RIGHT: Final = "#1b6ca8"
_WRONG: Final = "#c0562f"
_BINS: Final = [place / 20 for place in range(21)]


def confusion(taken_for: Sequence[Sequence[str]]) -> bytes:
    """Draw which intents were taken for which, as a PNG; what is right is left pale."""
    wanted = sorted({one for one, _ in taken_for})
    got = sorted({one for pair in taken_for for one in pair})
    counts = Counter((one, other) for one, other in taken_for)
    totals = Counter(one for one, _ in taken_for)
    shares = [[counts[row, column] / totals[row] for column in got] for row in wanted]
    figure, axes = plt.subplots(figsize=(2 + 0.24 * len(got), 1.5 + 0.24 * len(wanted)))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, one in enumerate(wanted):
        for column, other in enumerate(got):
            if one != other and counts[one, other]:
                axes.text(
                    column,
                    row,
                    counts[one, other],
                    ha="center",
                    va="center",
                    color=_WRONG,
                    fontsize=8,
                    fontweight="bold",
                )
    axes.set_xticks(range(len(got)), got, rotation=90, fontsize=7)
    axes.set_yticks(range(len(wanted)), wanted, fontsize=7)
    axes.set_xlabel("togs för")
    axes.set_ylabel("frågan gällde")
    return _png(figure)


def confidences(of: dict[str, Any]) -> bytes:
    """Draw how sure the bot was where it was right and where it was wrong, as a PNG."""
    figure, (above, below) = plt.subplots(2, 1, figsize=(7, 4.5), sharex=True)
    for axes, key, title, colour in (
        (above, "right", "rätt", _RIGHT),
        (below, "wrong", "fel, eller frågade tillbaka", _WRONG),
    ):
        axes.hist(of[key], bins=_BINS, color=colour)
        axes.set_ylabel("frågor")
        axes.set_title(f"{title}: {len(of[key])}", loc="left", fontsize=10)
    below.set_xlabel("hur säker boten var, 0 till 1")
    return _png(figure)


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.tight_layout()
    figure.savefig(buffer, format="png", dpi=130)
    plt.close(figure)
    return buffer.getvalue()
