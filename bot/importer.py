"""Read the training files for Rasa, and add what the knowledge files bring."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.turn_files import digest_of_turns
from bot.facts import current
from bot.knowledge.rules import rules
from bot.staff_files import YAML, can_be_read, staff_files

_VERSION: Final = "3.1"
_LEARNS_TURNS: Final = ".TurnReader"


class Example(Message):
    """An example that is cheap to copy and compare, which Rasa does a dozen times over."""

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """Set a property; what it has already leaves the fingerprint as it was."""
        if add_to_output or self.data.get(prop) != info:
            super().set(prop, info, add_to_output)

    def __deepcopy__(self, memo: dict[int, Any]) -> Example:
        """Return a copy that shares no entity with this one."""
        entities = self.data.get(ENTITIES)
        own = {} if entities is None else {ENTITIES: [dict(entity) for entity in entities]}
        copied = Example({**self.data, **own}, set(self.output_properties), self.time)
        copied._cached_fingerprint = self._cached_fingerprint
        return copied


class KnowledgeImporter(RasaFileImporter):
    """Reads the files as Rasa does, and adds an intent and a rule for each fact and role.

    So a new fact needs its text and its examples, and nothing else. The examples are read
    once; Rasa asks for them three times.
    """

    _read: TrainingData | None = None

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        """Take the files that staff have written: Rasa looks into what editors leave too."""
        given = (
            [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths
        )
        files = [str(file) for place in given or () for file in _files(Path(place))]
        super().__init__(config_file, domain_path, files)

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the examples of all files together."""
        if self._read is None:
            self._read = _together(load_data(path, language) for path in self._nlu_files)
        return self._read

    def get_config(self) -> dict[str, Any]:
        """Return config.yml, with what it is that a component learns beside examples.

        Rasa takes what a component learned before as long as its config is the same.
        """
        config: dict[str, Any] = copy.deepcopy(super().get_config())
        for component in config.get("pipeline") or ():
            if component["name"].endswith(_LEARNS_TURNS):
                component["learned_from"] = digest_of_turns()
        return config

    def get_domain(self) -> Domain:
        """Return domain.yml with one intent more for each fact and role."""
        domain = super().get_domain()
        return domain.merge(Domain.from_dict({"version": _VERSION, "intents": current().intents}))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Return the rules of the files with one rule more for each fact and role."""
        graph = super().get_stories(exclusion_percentage)
        reader = YAMLStoryReader()
        steps = reader.read_from_parsed_yaml({"version": _VERSION, "rules": rules(current())})
        return graph.merge(StoryGraph(steps))


def _files(place: Path) -> list[Path]:
    found = staff_files(place, YAML, below=True) if place.is_dir() else [place]
    return [path for path in found if can_be_read(path)]


def _together(files: Iterable[TrainingData]) -> TrainingData:
    examples: list[Example] = []
    synonyms: dict[str, str] = {}
    patterns: list[dict[str, str]] = []
    lookups: list[dict[str, Any]] = []
    for data in files:
        examples += [Example(one.data, one.output_properties) for one in data.training_examples]
        synonyms.update(data.entity_synonyms)
        patterns += data.regex_features
        lookups += data.lookup_tables
    return TrainingData(examples, synonyms, patterns, lookups)
