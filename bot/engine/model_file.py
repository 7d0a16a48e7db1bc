"""Unpack a model file and trust nothing in it: neither code, nor links, nor classes."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any, Final

from rasa.engine.graph import GraphComponent
from rasa.engine.storage.local_model_storage import MODEL_ARCHIVE_METADATA_FILE, LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata

# What our components write. All of it is data: arrays are read without pickle.
_KINDS: Final = frozenset((".json", ".npz", ".txt", ".yml"))
_LARGEST: Final = 256 * 1024 * 1024
# Packages whose classes a model may name; nothing else is imported on its word.
_COMPONENTS: Final = (
    "rasa.core.",
    "rasa.graph_components.",
    "rasa.nlu.",
    "bot.nlu.",
    "bot.dialogue.",
)
_CONSTRUCTORS: Final = frozenset(("create", "load"))
_SLOTS: Final = frozenset(("any", "bool", "categorical", "float", "list", "text"))


class ModelFileError(Exception):
    """A model file holds what no model of ours does."""


class ModelFile(LocalModelStorage):
    """Rasa's storage, which follows links out of its folder and imports what a file names."""

    @staticmethod
    def _extract_archive_to_directory(
        model_archive_path: str | Path, temporary_directory: Path
    ) -> None:
        size = 0
        with tarfile.open(model_archive_path, "r:gz") as archive:
            for member in archive:
                size += member.size
                plain = member.isdir() or (member.isreg() and Path(member.name).suffix in _KINDS)
                if not plain or size > _LARGEST:
                    raise ModelFileError(f"{member.name} hör inte hemma i en modell")
                archive.extract(member, temporary_directory, filter="data")

    @staticmethod
    def _load_metadata(directory: Path) -> ModelMetadata:
        content = json.loads((directory / MODEL_ARCHIVE_METADATA_FILE).read_bytes())
        for schema in ("train_schema", "predict_schema"):
            for node in content[schema]["nodes"].values():
                _check_component(node)
        for slot in (content["domain"].get("slots") or {}).values():
            if slot["type"] not in _SLOTS:
                raise ModelFileError(f"{slot['type']} är ingen av Rasas slottyper")
        metadata = ModelMetadata.from_dict(content)
        for node in metadata.predict_schema.nodes.values():
            if not issubclass(node.uses, GraphComponent):
                raise ModelFileError(f"{node.uses} är ingen komponent")
        return metadata


def _check_component(node: dict[str, Any]) -> None:
    uses, constructor = str(node["uses"]), node["constructor_name"]
    if not uses.startswith(_COMPONENTS) or constructor not in _CONSTRUCTORS:
        raise ModelFileError(f"{uses}.{constructor} är ingen komponent")
