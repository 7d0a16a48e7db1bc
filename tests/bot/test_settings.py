import re

import pytest

from bot.errors import SettingsError
from bot.settings import ROOT, Settings, read_settings


def test_defaults():
    settings = read_settings({})
    assert (settings.host, settings.port) == ("127.0.0.1", 5005)
    assert settings.allowed_origins == ()


def test_reads_variables_and_leaves_others_alone():
    settings = read_settings(
        {"BOT_PORT": "5010", "BOT_ALLOWED_ORIGINS": "https://a.se/, https://b.se", "HOME": "/x"}
    )
    assert settings.port == 5010
    assert settings.allowed_origins == ("https://a.se", "https://b.se")


def test_an_empty_variable_counts_as_not_set():
    assert read_settings({"BOT_PORT": ""}).port == 5005


def test_a_unit_of_its_own_has_its_own_files():
    unit = ROOT / "tests" / "second_unit"
    settings = read_settings({"BOT_UNIT_DIR": str(unit)})
    assert settings.knowledge_dir == unit / "data" / "knowledge"
    assert settings.database == unit / "var" / "conversations.sqlite"
    elsewhere = read_settings({"BOT_UNIT_DIR": str(unit), "BOT_DATA_DIR": "/elsewhere"})
    assert str(elsewhere.questions) == "/elsewhere/questions.sqlite"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_PORT", "http"),
        ("BOT_PORT", "70000"),
        ("BOT_LOG_LEVEL", "loud"),
        ("BOT_ALLOWED_ORIGINS", "exempel.se"),
        ("BOT_ALLOWED_ORIGINS", "https://exempel.se/sida"),
        ("BOT_PROT", "5005"),
        ("BOT_UNIT_DIR", "/nowhere"),
        ("BOT_COLLECT_QUESTIONS", "kanske"),
    ],
)
def test_names_a_variable_that_cannot_be_used(name, value):
    with pytest.raises(SettingsError, match=name):
        read_settings({name: value})


def test_a_token_that_is_too_short_is_refused_and_not_shown():
    assert read_settings({"BOT_METRICS_TOKEN": "a" * 16}).metrics_token
    for token in ("hemlig", "hemlig " * 5):
        with pytest.raises(SettingsError, match="BOT_METRICS_TOKEN") as told:
            read_settings({"BOT_METRICS_TOKEN": token})
        assert "hemlig" not in str(told.value)


@pytest.mark.parametrize("password", ["hem/lig", "hem@lig", "100%hem"])
def test_a_password_that_is_not_escaped_is_refused_and_not_shown(password):
    with pytest.raises(SettingsError, match="BOT_DATABASE_URL") as told:
        read_settings({"BOT_DATABASE_URL": f"postgresql://bot:{password}@d.se:5432/bot"})
    assert "hem" not in str(told.value)


def test_several_hosts_of_a_database_may_be_named():
    url = "postgresql://bot:hem%40lig@a.se:5432,b.se:5433/bot?target_session_attrs=read-write"
    assert read_settings({"BOT_DATABASE_URL": url}).database_url == url


def test_every_setting_is_in_the_example_file():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = set(re.findall(r"^#BOT_([A-Z_]+)=", text, re.MULTILINE))
    assert listed == {name.upper() for name in Settings.model_fields}


def test_only_settings_reads_the_environment():
    reads = re.compile(r"os\.environ(?!\.setdefault)|os\.getenv")
    sources = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")]
    assert [p.name for p in sources if reads.search(p.read_text("utf-8"))] == ["settings.py"]
