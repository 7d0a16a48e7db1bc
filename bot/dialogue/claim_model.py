"""Tell which of the page's propositions a yes-or-no question puts, if any."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, hstack

from bot.dialogue.context import kind_of
from bot.dialogue.decision import UNSAID
from bot.dialogue.references import says
from bot.dialogue.turn_model import Shares
from bot.knowledge import Claim, Knowledge
from bot.language.cleaning import clean
from bot.nlu.features import Columns, Features, Values
from bot.nlu.linear import LinearModel, likeliest
from bot.nlu.parts import clauses, sentences

_SAID: Final = ("yes", "no")
# That the page does not tell what was just asked: the conversation knows whether that is so.
PAGE_LACKS: Final = "page_lacks"
# Of claims whose truth is found out from the staff of the moment.
_FOUND_OUT: Final = "found out"
_PENALTY: Final = 0.5
_TOPIC_COUNTS: Final = 0.7
# How sure both models must be together for a claim to be near, and for yes or no: measured on
# writers left out.
_LEAST: Final = -0.8
_SURE: Final = 0.3
# How near a claim must be to what is asked openly.
_NEAR: Final = 0.5
# What words settle is doubted where its truth is less likely by meaning than this, and what they
# leave near is believed where it is likelier than that.
_DOUBTED: Final = {"yes": 0.15, "no": 0.1}
_AGREED: Final = 0.7
_LIKELY_CLAIM: Final = 0.1
# From which shares on, of a claim and of its truth, meaning settles a question by itself.
_HEARD: Final = ((0.3, 0.5), (_LIKELY_CLAIM, _AGREED))
# From this share of a claim on, a foreign word does not keep it from a "no".
_NO_STRANGER: Final = 0.4
# By how much a sentence, and a clause, must be surer than a whole message.
_SENTENCE_DISCOUNT: Final = 0.5
_CLAUSE_DISCOUNT: Final = 1.5
# The same of what the staff decide, about which there are few words to tell claims apart.
_STAFF_DISCOUNT: Final = 0.5
_PARTS_LOOKED_AT: Final = 6
_LOOKED_AT: Final = 2
_ALL: Final = "all"
# The margin of what was never learned.
_UNHEARD: Final = -1.0
_ASKS: Final = "?"
_MARKS_AT_THE_END: Final = " .!?"
_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
# A word of so many intents, or of so many topics of claims, is everyday language.
_INTENTS_OF_A_COMMON_WORD: Final = 8
_TOPICS_OF_A_COMMON_WORD: Final = 6
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


@dataclass(frozen=True)
class Settled:
    """What settles a question.

    Attributes:
        truth: yes, no or UNSAID.
        claim: the id of the claim that is nearest; "" if none is near.
        sure: how near it is.

    """

    truth: str
    claim: str
    sure: float

    @property
    def is_sure(self) -> bool:
        """Whether it is near enough for a yes or a no."""
        return bool(self.claim) and self.sure >= _SURE


@dataclass(frozen=True)
class HeardClaims:
    """What the encoder hears of a question.

    Attributes:
        pages: how likely the page says yes, no, or neither.
        claims: how likely each claim is put.
        knowledge: the facts of the moment.

    """

    pages: Shares
    claims: Shares
    knowledge: Knowledge

    def agrees(self, truth: str) -> float:
        """Return how likely a truth is, from 0 to 1."""
        shares = {one: self.pages.get(one, 0.0) for one in (*_SAID, UNSAID)}
        return shares.get(truth, 0.0) / (sum(shares.values()) or 1.0)

    def likeliest_of(self, kinds: Collection[str]) -> str:
        """Return the likeliest claim of some topics that has a truth; "" if there is none."""
        known = self.knowledge
        near = [
            name
            for name in self.claims
            if name in known.claims and known.topic_of_claim[name] in kinds
        ]
        best = max(near, key=lambda name: self.claims[name], default="")
        return best if best and known.claims[best].truth in _SAID else ""


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
        labels = {UNSAID, PAGE_LACKS, *knowledge.claims}
        known = [one for one in examples if one.claim in labels]
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
        truths = [_truth_class(one.claim, knowledge) for one in known]
        stems: dict[str, set[str]] = defaultdict(set)
        for one, text in zip(known, texts, strict=True):
            if one.claim != UNSAID:
                stems[one.claim] |= set(map(_stem, _WORD.findall(text)))
        return cls(
            features,
            topics,
            LinearModel.train(both, [one.claim for one in known], _PENALTY),
            LinearModel.train(both, truths, _PENALTY),
            dict(stems),
            _common(known, texts, of_intents),
            dict(numerals),
        )

    def settled(self, text: str, topics: Collection[str], knowledge: Knowledge) -> Settled:
        """Return what settles a question, or a sentence or clause of it: what is nearest."""
        return max(self._found(text, topics, knowledge), key=lambda found: found.sure)

    def _found(self, text: str, topics: Collection[str], knowledge: Knowledge) -> Iterator[Settled]:
        yield Settled(UNSAID, "", _LEAST)
        for start, end, discount in _parts(text)[:_PARTS_LOOKED_AT]:
            for found in self._in_part(_bare(text[start:end]), topics, knowledge):
                yield replace(found, sure=found.sure - discount)

    def _in_part(
        self, bare: str, topics: Collection[str], knowledge: Knowledge
    ) -> Iterator[Settled]:
        """Yield the nearest claims that may settle a text."""
        columns, values = self._features_of(bare, topics)
        truths = self._margins(self.truths, columns, values)
        margins = self._margins(self.claims, columns, values)
        kinds = set(map(kind_of, topics))
        near = [PAGE_LACKS] if PAGE_LACKS in margins else []
        near += [
            name
            for name in knowledge.claims
            if name in margins and knowledge.topic_of_claim[name] in kinds
        ]
        near.sort(key=lambda name: -margins[name])
        near, numbers = near[:_LOOKED_AT], self._numbers(bare)
        counted = [n for n in near if n != PAGE_LACKS and knowledge.claims[n].number is not None]
        for name in counted if counted and numbers else near:
            sure = margins[name] - margins.get(UNSAID, _UNHEARD)
            of_class = _truth_class(name, knowledge)
            others = max(margin for truth, margin in truths.items() if truth != of_class)
            agreed = sure + truths.get(of_class, _UNHEARD) - others
            if name == PAGE_LACKS:
                yield Settled(UNSAID, PAGE_LACKS, agreed)
                continue
            claim = knowledge.claims[name]
            if self._strange(bare, claim, knowledge) or _lacks_title(bare, claim, knowledge):
                continue
            if claim.number is not None and numbers:
                yield Settled("yes" if claim.number in numbers else "no", name, sure)
            elif claim.number is None and not (
                claim.is_found_out and (numbers or _is_of_all(bare, claim))
            ):
                discount = _STAFF_DISCOUNT if claim.is_found_out else 0.0
                yield Settled(str(claim.truth), name, agreed - discount)

    def with_meaning(
        self, settled: Settled, text: str, topics: Collection[str], heard: HeardClaims
    ) -> Settled:
        """Return what settles a question by its words and its meaning together.

        Args:
            settled: by words.
            text: the question.
            topics: what it is about.
            heard: what the encoder hears, and the facts of the moment.

        """
        agrees = heard.agrees(settled.truth)
        if settled.claim and settled.truth != UNSAID:
            if settled.is_sure and agrees < _DOUBTED[settled.truth]:
                return replace(settled, sure=_LEAST)
            is_heard = heard.claims.get(settled.claim, 0.0) >= _LIKELY_CLAIM
            if settled.is_sure or (is_heard and agrees >= _AGREED):
                return replace(settled, sure=max(settled.sure, _SURE))
        if settled.is_sure or not (name := heard.likeliest_of(set(map(kind_of, topics)))):
            return settled
        claim, share = heard.knowledge.claims[name], heard.claims[name]
        truth, bare = str(claim.truth), _bare(text)
        agrees = heard.agrees(truth)
        is_heard = any(share >= least and agrees >= enough for least, enough in _HEARD)
        is_other = (
            claim.number is not None
            or self._numbers(bare)
            or _lacks_title(bare, claim, heard.knowledge)
            or _is_of_all(bare, claim)
        )
        is_well_heard = truth == "no" and share >= _NO_STRANGER
        is_strange = not is_well_heard and self._strange(bare, claim, heard.knowledge)
        return settled if not is_heard or is_other or is_strange else Settled(truth, name, _SURE)

    def nearest(self, text: str, topic: str, knowledge: Knowledge) -> str:
        """Return the id of the claim that an open question is about: "vilken paragraf?"."""
        bare = _bare(text)
        margins = self._margins(self.claims, *self._features_of(bare, [topic]))
        near = [
            name
            for name, of_topic in knowledge.topic_of_claim.items()
            if of_topic == topic and name in margins
        ]
        best = max(near, key=lambda name: margins[name], default="")
        if not best or margins[best] - margins.get(UNSAID, _UNHEARD) < _NEAR:
            return ""
        return "" if self._strange(bare, knowledge.claims[best], knowledge) else best

    def likely(self, text: str, topics: Collection[str]) -> str:
        """Return yes, no or UNSAID: what is likeliest, whichever claim it is."""
        margins = self._margins(self.truths, *self._features_of(_bare(text), topics))
        truth = likeliest(margins)
        return truth if truth in _SAID else UNSAID

    def _strange(self, bare: str, claim: Claim, knowledge: Knowledge) -> bool:
        """Tell whether the text holds a word that has nothing to do with the claim."""
        stems = set(self.stems.get(claim.id, ())) | set(_stems(claim.says + " " + claim.because))
        fact = knowledge.facts.get(knowledge.topic_of_claim[claim.id])
        if fact and claim.truth == "yes":
            stems |= set(_stems(fact.statement))
        is_counted = claim.number is not None
        words = (
            word
            for word in _WORD.findall(bare)
            if not (is_counted and self._numbers(word))
            and (word not in self.common or word in knowledge.matters)
        )
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


def _parts(text: str) -> list[tuple[int, int, float]]:
    """Return where the parts are that may ask, the largest first, and how much surer each must be.

    Where some sentences ask and others do not, what does not ask is background.
    """
    whole = sentences(text)
    asking = [(start, end) for start, end in whole if _ASKS in text[start:end]]
    if 0 < len(asking) < len(whole):
        found = [(start, end, 0.0) for start, end in asking]
    else:
        asking = [(0, len(text))]
        found = [
            (0, len(text), 0.0),
            *((start, end, _SENTENCE_DISCOUNT) for start, end in whole),
        ]
    found += [
        (start, end, _CLAUSE_DISCOUNT)
        for start, end in clauses(text)
        if (start, end) not in whole and any(a <= start and end <= b for a, b in asking)
    ]
    return found


def _truth_class(claim: str, knowledge: Knowledge) -> str:
    """Return what a question's truth depends on: the page, the staff, or the conversation."""
    if claim in (UNSAID, PAGE_LACKS):
        return claim
    known = knowledge.claims[claim]
    return _FOUND_OUT if known.is_found_out else str(known.truth)


def _is_of_all(bare: str, claim: Claim) -> bool:
    """Tell whether a text says of all what the claim says of some: "är alla konsulenter?"."""
    return says(bare, _ALL) and not says(claim.says, _ALL)


def _lacks_title(bare: str, claim: Claim, knowledge: Knowledge) -> bool:
    """Tell whether a text does not name the title that all or most are claimed to have."""
    name = f"role_{claim.counts}"
    if name not in knowledge.roles or knowledge.topic_of_claim[claim.id] == name:
        return False
    titles = {_stem(knowledge.roles[name].title.casefold())}
    return not any(_is_like(stem, titles) for stem in _stems(bare))


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
