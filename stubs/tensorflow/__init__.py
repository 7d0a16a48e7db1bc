"""Stands in for TensorFlow, which Rasa imports at every start and the bot never calls.

tools/setup puts this folder on the path of .venv. Whatever is imported from it is a class
that may be a base, an annotation or a decorator; any other use says what is missing.
"""

import importlib.abc
import importlib.machinery
import sys
import types


class _Absent(type):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(f"{cls.__qualname__}.{name}")

    def __call__(cls, *arguments, **options):
        if len(arguments) == 1 and isinstance(arguments[0], types.FunctionType) and not options:
            return arguments[0]  # @tf.function
        if options and not arguments:
            return lambda decorated: decorated  # @tf.function(...)
        raise ImportError(
            f"{cls.__qualname__} saknas: TensorFlow ingår inte i den här installationen. "
            "Komponenter som bygger på TensorFlow går inte att använda i config.yml."
        )


def _absent(name):
    return _Absent(name, (), {"__module__": __name__})


class _Module(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(f"{self.__name__}.{name}")


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("tensorflow", "keras"):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return _Module(spec.name)

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, _Finder())
__version__ = "0"
__getattr__ = _Module(__name__).__getattr__
