import pytest

from actions.action_role import ActionRole
from actions.claim_words import denies, is_claim


def entity(text, kind, value, written):
    start = text.index(written)
    return {"entity": kind, "value": value, "start": start, "end": start + len(written)}


def claimed(make_tracker, text, *entities, intent="role_consultant"):
    tracker = make_tracker(intent, text=text)
    tracker.latest_message["entities"] = [entity(text, *one) for one in entities]
    return tracker


@pytest.mark.parametrize(
    ("text", "entities", "first", "names"),
    [
        (
            "Pind är chef och Carlsson projektledare, stämmer det?",
            [("person", "daniella_pind", "Pind"), ("role", "head", "chef"),
             ("person", "malin_carlsson", "Carlsson"), ("role", "project_leader", "projektledare")],
            "utter_claim_true", ["Daniella Pind", "Malin Carlsson"],
        ),
        (
            "Fred är enhetschef och Pind konsulent, är det riktigt?",
            [("person", "eva_fred", "Fred"), ("role", "head", "enhetschef"),
             ("person", "daniella_pind", "Pind"), ("role", "consultant", "konsulent")],
            "utter_claim_false", ["Eva Fred", "Daniella Pind"],
        ),
        (
            "Malin är projektledare, men är Eva det också?",
            [("person", "malin_carlsson", "Malin"), ("role", "project_leader", "projektledare"),
             ("person", "eva_fred", "Eva")],
            "utter_claim_false", ["Eva Fred", "Malin Carlsson"],
        ),
        (
            "Projektledare Kajsa Lunde, är det korrekt?",
            [("role", "project_leader", "Projektledare"), ("person", "kajsa_lunde", "Kajsa Lunde")],
            "utter_claim_false", ["Kajsa Lunde"],
        ),
        (
            "Är konsulenten Anna chef?",
            [("role", "consultant", "konsulenten"), ("person", "anna_hansson", "Anna"),
             ("role", "head", "chef")],
            "utter_claim_false", ["Anna Hansson"],
        ),
        (
            "Är Eva Fred enhetschef numera? Hon var ju konsulent.",
            [("person", "eva_fred", "Eva Fred"), ("role", "head", "enhetschef"),
             ("role", "consultant", "konsulent")],
            "utter_claim_false", ["Eva Fred"],
        ),
        (
            "Är Eva konsulent eller projektledare?",
            [("person", "eva_fred", "Eva"), ("role", "consultant", "konsulent"),
             ("role", "project_leader", "projektledare")],
            "utter_role_one", ["Eva Fred"],
        ),
        (
            "Hellström är väl ingen konsulent?",
            [("person", "orjan_hellstrom", "Hellström"), ("role", "consultant", "konsulent")],
            "utter_claim_true_after_all", ["Örjan Hellström"],
        ),
    ],
)  # fmt: skip
def test_each_name_goes_with_its_title(
    run, make_tracker, said, dispatcher, text, entities, first, names
):
    run(ActionRole, claimed(make_tracker, text, *entities))
    assert said()[0] == first
    told = [m.get("name") or m.get("names") for m in dispatcher.messages]
    assert [name for name in told if name in names] == names


@pytest.mark.parametrize("written", ["Lisa Ek", "Malin"])
def test_a_stranger_has_no_role_whether_here_or_elsewhere(run, make_tracker, said, written):
    text = f"{written} på Volvo, är hon konsulent hos er?"
    tracker = claimed(make_tracker, text, ("other_person", written, written))
    tracker.latest_message["entities"][0]["elsewhere"] = written == "Malin"
    run(ActionRole, tracker)
    is_elsewhere = written == "Malin"
    assert said() == ["utter_person_elsewhere" if is_elsewhere else "utter_person_unknown_claim"]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Är Anna chef?", True),
        ("Anna innehar väl befattningen konsulent", True),
        ("Anna, konsulent, eller hur?", True),
        ("anna konsulent frågetecken", True),
        ("Var Anna konsulent förr?", True),
        ("Var sitter konsulenten Anna?", False),
        ("Vem är Anna, chef?", False),
        ("Hur når jag konsulenten Anna?", False),
        ("Jag söker Anna som är konsulent", False),
    ],
)
def test_what_claims_and_what_asks_openly(text, claims):
    assert is_claim(text) is claims


def test_what_another_sentence_asks_openly_does_not_count():
    assert is_claim("Vad sa hon nu igen? Är Katarina chef?", ["chef"])
    assert not is_claim("Är du där? Vad gör en chef?", ["chef"])


def test_a_denial_is_heard():
    assert denies("Är hon inte chef?")
    assert not denies("Är hon chef?")
