"""Tell Rasa about the intents that the knowledge files bring."""

from __future__ import annotations

from typing import Final

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter

from bot.facts import current
from bot.knowledge import Knowledge

_VERSION: Final = "3.1"


class KnowledgeImporter(RasaFileImporter):
    """Reads the files as Rasa does, and adds an intent and a rule for each fact and role.

    So a new fact needs its text and its examples, and nothing else.
    """

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


def rules(knowledge: Knowledge) -> list[dict[str, object]]:
    """Return the rules that follow from the knowledge, in the form of rules.yml."""
    actions = {
        **dict.fromkeys(knowledge.facts, "action_fact"),
        **dict.fromkeys(knowledge.roles, "action_role"),
    }
    return [
        {
            "rule": f"Answer {intent} from the knowledge files",
            "steps": [{"intent": intent}, {"action": action}],
        }
        for intent, action in actions.items()
    ]
