import asyncio

from bot.dialogues import load_dialogues, run

CASE = """
test_cases:
- test_case: head
  steps:
  - user: "Vem är chef?"
    assertions:
    - bot_uttered:
        text_matches: "daniella.*pind"
    - bot_uttered:
        text_matches: "telefon"
"""


def test_judges_each_turn_and_says_what_was_missed(tmp_path):
    (tmp_path / "a.yml").write_text(CASE, encoding="utf-8")
    (dialogue,) = load_dialogues(tmp_path)

    async def speak(sender, text):
        assert (sender, text) == ("visitor", "Vem är chef?")
        return "Daniella\nPind är chef."

    (verdict,) = asyncio.run(run(dialogue, "visitor", speak))
    assert verdict.missed == ("telefon",)
    assert "väntade: telefon" in str(verdict)
