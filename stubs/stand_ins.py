"""Stands in for packages that Rasa imports at every start and the bot never calls.

tools/setup puts this folder on the path of .venv by stubs.pth, which imports this file. Whatever
is imported from a package of the list is a class that may be a base or an annotation; any other
use says what is missing. A package that is installed is the real one.
"""

import importlib.abc
import importlib.machinery
import sys
import types

_TENSORFLOW = ("keras", "tensorflow", "tensorflow_hub", "tensorflow_text")
# By the name that Rasa imports, grouped by what Rasa wants of them.
ABSENT = frozenset(
    (
        # Models that no component of config.yml uses.
        *_TENSORFLOW,
        "regex",
        "safetensors",
        "sklearn_crfsuite",
        "skops",
        # Channels of others, and their signatures and web clients.
        "aiogram",
        "cachecontrol",
        "fbmessenger",
        "google",
        "jwt",
        "requests",
        "rocketchat_API",
        "slack_sdk",
        "socketio",
        "twilio",
        "webexteamssdk",
        # Stores and brokers of conversations.
        "aio_pika",
        "aiormq",
        "boto3",
        "botocore",
        "confluent_kafka",
        "pymongo",
        # Reminders: no action sets one.
        "apscheduler",
        "pytz",
        # Telling Rasa's makers how it is used.
        "sentry_sdk",
        # What Rasa's own commands show and ask: requirements/dev.in brings most of them.
        "aiohttp",
        "colorclass",
        "coloredlogs",
        "colorhash",
        "jsonschema",
        "matplotlib",
        "networkx",
        "questionary",
        "randomname",
        "sanic_cors",
        "sanic_jwt",
        "terminaltables",
    )
)

# Modules of Rasa that only its models on TensorFlow use, and that take a third of a start: they
# import scikit-learn, which serving does not.
UNUSED = frozenset(("rasa.utils.tensorflow.model_data",))


class _Absent(type):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(cls.__module__, f"{cls.__qualname__}.{name}")

    def __call__(cls, *arguments, **options):
        package = cls.__module__.partition(".")[0]
        if package in _TENSORFLOW:
            if len(arguments) == 1 and isinstance(arguments[0], types.FunctionType) and not options:
                return arguments[0]  # @tf.function
            if options and not arguments:
                return lambda decorated: decorated  # @tf.function(...)
        package = cls.__module__ if cls.__module__ in UNUSED else package
        raise ImportError(
            f"{cls.__module__}.{cls.__qualname__} saknas: paketet {package} ingår inte i den här "
            "installationen. Boten klarar sig utan det. Behöver något av Rasas egna kommandon det, "
            "så kör make setup-dev."
        )


def _absent(module, name):
    made = _Absent(name, (), {"__module__": module})
    made.__qualname__ = name
    return made


class _Module(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(self.__name__, name)


class _LastFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds what nothing else has found, if it is Rasa that asks for it.

    Other libraries ask for such packages to see whether they are there.
    """

    def find_spec(self, name, path=None, target=None):
        package, _, below = name.partition(".")
        if package not in ABSENT:
            return None
        if not _is_rasa(sys._getframe(1)) and not (below and _stands_in(package)):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return _Module(spec.name)

    def exec_module(self, module):
        pass


class _RasaFinder(importlib.abc.MetaPathFinder):
    """Finds what of Rasa is not used, and sees to it that Rasa finds what it expects."""

    def find_spec(self, name, path=None, target=None):
        if name in ("rasa", "rasa_sdk"):
            import expected_by_rasa  # noqa: F401 - what it does, it does once, at import.
        return importlib.machinery.ModuleSpec(name, _LastFinder()) if name in UNUSED else None


def _is_rasa(frame):
    while frame and frame.f_globals.get("__name__", "").startswith("importlib"):
        frame = frame.f_back
    return bool(frame) and frame.f_globals.get("__name__", "").startswith(("rasa.", "rasa_sdk."))


def _stands_in(package):
    return isinstance(sys.modules.get(package), _Module)


sys.meta_path.insert(0, _RasaFinder())
sys.meta_path.append(_LastFinder())
