"""Tell which of the page's propositions a yes-or-no question puts, if any."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, hstack

from bot.dialogue.context import kind_of
from bot.knowledge import Claim, Knowledge
from bot.language.cleaning import clean
from bot.nlu.features import Columns, Features, Values
from bot.nlu.linear import LinearModel

UNSAID: Final = "unsaid"
_PENALTY: Final = 0.5
_TOPIC_COUNTS: Final = 0.7
# How sure both models must be together, measured on writers left out.
_LEAST: Final = -0.4
_LOOKED_AT: Final = 2
_MARKS_AT_THE_END: Final = " .!?"
_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
# A word of so many intents, or of so many topics of claims, is everyday language.
_INTENTS_OF_A_COMMON_WORD: Final = 8
_TOPICS_OF_A_COMMON_WORD: Final = 5
_SHORTEST_STEM: Final = 4
_ENDING: Final = 3
_FEATURES: Final = "features.npz"
_WORDS: Final = "words.json"


@dataclass(frozen=True)
class Example:
    """A question, the topic that it is about, and the claim that it puts: an id or UNSAID."""

    text: str
    topic: str
    claim: str


@dataclass
class ClaimModel:
    """Linear models of the claim and of its truth, and the words that examples of each have.

    A question that holds a word that no example of a claim has may claim something else, however
    near it is: then nothing is confirmed.
    """

    features: Features
    topics: list[str]
    claims: LinearModel
    truths: LinearModel
    stems: dict[str, set[str]]
    common: set[str]
    numerals: dict[str, int]

    @classmethod
    def train(
        cls,
        examples: Sequence[Example],
        knowledge: Knowledge,
        of_intents: Iterable[tuple[str, str]],
        numerals: Mapping[str, int],
    ) -> ClaimModel:
        """Train on questions.

        Args:
            examples: what is to be learned.
            knowledge: whose claims are known.
            of_intents: texts with their intents, by which a word is everyday language.
            numerals: what words say of how many.

        """
        known = [one for one in examples if one.claim == UNSAID or one.claim in knowledge.claims]
        known += [
            Example(claim.says, knowledge.topic_of_claim[name], name)
            for name, claim in knowledge.claims.items()
        ]
        texts = [_bare(one.text) for one in known]
        features, ngrams = Features.fit(texts)
        topics = sorted({kind_of(one.topic) for one in known})
        places = [topics.index(kind_of(one.topic)) for one in known]
        rows = np.arange(len(known))
        counts = np.full(len(known), _TOPIC_COUNTS, np.float32)
        of_topic = csr_matrix((counts, (rows, places)), shape=(len(known), len(topics)))
        both = hstack([ngrams, of_topic], format="csr")
        labels = [one.claim for one in known]
        truths = [knowledge.claims[label].truth if label != UNSAID else UNSAID for label in labels]
        stems: dict[str, set[str]] = defaultdict(set)
        for one, text in zip(known, texts, strict=True):
            if one.claim != UNSAID:
                stems[one.claim] |= set(map(_stem, _WORD.findall(text)))
        return cls(
            features,
            topics,
            LinearModel.train(both, labels, _PENALTY),
            LinearModel.train(both, truths, _PENALTY),
            dict(stems),
            _common(known, texts, of_intents),
            dict(numerals),
        )

    def truth_of(self, text: str, topics: Collection[str], knowledge: Knowledge) -> tuple[str, str]:
        """Return yes, no or UNSAID, and the id of the claim that settles it, or ""."""
        bare = _bare(text)
        columns, values = self._features_of(bare, topics)
        truths = self._margins(self.truths, columns, values)
        margins = self._margins(self.claims, columns, values)
        kinds = set(map(kind_of, topics))
        near = [
            name
            for name in knowledge.claims
            if name in margins and knowledge.topic_of_claim[name] in kinds
        ]
        near.sort(key=lambda name: -margins[name])
        for name in near[:_LOOKED_AT]:
            claim = knowledge.claims[name]
            near_enough = margins[name] - margins[UNSAID] >= _LEAST
            if claim.number is not None:
                numbers = self._numbers(bare)
                if numbers and near_enough:
                    return ("yes" if claim.number in numbers else "no"), name
                continue
            others = max(margin for truth, margin in truths.items() if truth != claim.truth)
            sure = margins[name] - margins[UNSAID] + truths[claim.truth] - others
            if sure >= _LEAST and not self._strange(bare, claim, knowledge):
                return claim.truth, name
        return UNSAID, ""

    def likely(self, text: str, topics: Collection[str]) -> str:
        """Return yes, no or UNSAID: what is likeliest, whichever claim it is."""
        margins = self._margins(self.truths, *self._features_of(_bare(text), topics))
        return max(margins, key=lambda truth: margins[truth])

    def _strange(self, bare: str, claim: Claim, knowledge: Knowledge) -> bool:
        """Tell whether the text holds a word that has nothing to do with the claim."""
        stems = set(self.stems.get(claim.id, ())) | set(_stems(claim.says + " " + claim.because))
        fact = knowledge.facts.get(knowledge.topic_of_claim[claim.id])
        if fact and claim.truth == "yes":
            stems |= set(_stems(fact.statement))
        words = (word for word in _WORD.findall(bare) if word not in self.common)
        return any(not _is_like(_stem(word), stems) for word in words)

    def _numbers(self, bare: str) -> list[int]:
        words = _WORD.findall(bare)
        return [
            int(w) if w.isdecimal() else self.numerals[w]
            for w in words
            if w.isdecimal() or w in self.numerals
        ]

    def _features_of(self, bare: str, topics: Collection[str]) -> tuple[Columns, Values]:
        columns, values = self.features(bare)
        places = sorted(
            {self.topics.index(kind_of(t)) for t in topics if kind_of(t) in self.topics}
        )
        start = len(self.features.columns)
        return (
            np.concatenate([columns, np.array(places, np.int32) + start]),
            np.concatenate([values, np.full(len(places), _TOPIC_COUNTS, np.float32)]),
        )

    @staticmethod
    def _margins(model: LinearModel, columns: Columns, values: Values) -> dict[str, float]:
        return dict(zip(model.labels, model.margins(columns, values).tolist(), strict=True))

    def save(self, folder: Path) -> None:
        """Write every model to a file of its own in the folder."""
        folder.mkdir(exist_ok=True)
        self.features.save(folder / _FEATURES)
        self.claims.save(folder / "claims.npz")
        self.truths.save(folder / "truths.npz")
        words = {
            "topics": self.topics,
            "stems": {name: sorted(stems) for name, stems in self.stems.items()},
            "common": sorted(self.common),
            "numerals": self.numerals,
        }
        (folder / _WORDS).write_text(json.dumps(words), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> ClaimModel:
        """Read what `save` wrote."""
        words = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        return cls(
            Features.load(folder / _FEATURES),
            words["topics"],
            LinearModel.load(folder / "claims.npz"),
            LinearModel.load(folder / "truths.npz"),
            {name: set(stems) for name, stems in words["stems"].items()},
            set(words["common"]),
            words["numerals"],
        )


def read_examples(path: Path) -> Iterator[Example]:
    """Yield the questions of a file, one a line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        yield Example(one["text"], one["topic"], one["claim"])


def _bare(text: str) -> str:
    return clean(text).casefold().rstrip(_MARKS_AT_THE_END) or text


def _stem(word: str) -> str:
    return word[: max(_SHORTEST_STEM, len(word) - _ENDING)]


def _stems(text: str) -> Iterator[str]:
    return map(_stem, _WORD.findall(text.casefold()))


def _is_like(stem: str, stems: Collection[str]) -> bool:
    return any(stem.startswith(one) or one.startswith(stem) for one in stems)


def _common(
    examples: Sequence[Example], texts: Sequence[str], of_intents: Iterable[tuple[str, str]]
) -> set[str]:
    """Return the words of many intents, or of claims on many topics."""
    intents: dict[str, set[str]] = defaultdict(set)
    for text, intent in of_intents:
        for word in _WORD.findall(text.casefold()):
            intents[word].add(intent)
    topics: dict[str, set[str]] = defaultdict(set)
    for one, text in zip(examples, texts, strict=True):
        for word in _WORD.findall(text):
            topics[word].add(one.topic)
    return {w for w, some in intents.items() if len(some) >= _INTENTS_OF_A_COMMON_WORD} | {
        w for w, some in topics.items() if len(some) >= _TOPICS_OF_A_COMMON_WORD
    }
