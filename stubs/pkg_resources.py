"""In place of pkg_resources, which setuptools has no more: the two functions that Rasa calls."""

from importlib import import_module
from importlib.metadata import distribution as get_distribution
from pathlib import Path

__all__ = ["get_distribution", "resource_filename"]


def resource_filename(module, name):
    """Return where a file that lies beside a module, or in a package, is."""
    return str(Path(import_module(module).__file__).parent / name)
