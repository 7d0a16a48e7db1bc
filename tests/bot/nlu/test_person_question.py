import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.name_finder import NameFinder
from bot.nlu.person_question import PersonQuestion

CONFIG = {
    "ways": {"phone": "contact_phone", "email": "contact_email"},
    "instead_of": ["oos", "nlu_fallback"],
    "unclear": ["oos", "nlu_fallback"],
}


def intent_of(text, taken_for, *entities, further=()):
    """Return the intent of a text that the classifier took for something."""
    found = [*NameFinder(None, None, set()).names(text), *entities]
    data = {
        "text": text,
        "intent": {"name": taken_for, "confidence": 0.5},
        "intent_ranking": [{"name": taken_for, "confidence": 0.5}],
        "entities": found,
        "further": list(further),
    }
    (message,) = PersonQuestion(CONFIG).process([Message(data)])
    return message.get("intent")["name"]


@pytest.mark.parametrize(
    "text",
    [
        "Sysslar Katarina Larson med nätverk?",
        "brukar bodil hålla kurser",
        "Vad driver Malin Carlsson för projekt just nu?",
        "Vem har ansvaret för läsning, är det Bodil?",
        "Jag behöver veta vad Levinsson håller på med.",
        "Vilken titel skriver jag under fotot på Bodil?",
        "Konsulent Tröen höll låda i Mariestad. Ingår det i hennes område?",
    ],
)
def test_what_is_asked_of_somebody_is_not_a_fact(text):
    assert intent_of(text, "mission_training") == "contact_person"


@pytest.mark.parametrize(
    "text",
    [
        "Brukar ni hålla kurser?",
        "Eva sa att ni håller kurser, var då?",
        "Sysslar Lisa Ek med nätverk?",
    ],
)
def test_a_fact_that_nobody_of_ours_is_asked_about_stays_one(text):
    assert intent_of(text, "mission_training") == "mission_training"


def test_a_way_to_reach_them_is_what_is_asked():
    way = {"entity": "way", "value": "email"}
    assert intent_of("Kan jag få Eva Freds e-post?", "oos", way) == "contact_email"
    both = [way, {"entity": "way", "value": "phone"}]
    assert intent_of("Kan jag få Eva Freds nummer och e-post?", "oos", *both) == "contact_person"


def test_what_is_clear_by_itself_is_left():
    assert intent_of("Kan Eva Fred ringa 112?", "emergency") == "emergency"


def test_a_whole_name_in_a_question_that_is_unclear_is_enough():
    text = "Anna Hansson verkar ha mycket med barn, men är det så?"
    assert intent_of(text, "nlu_fallback") == "contact_person"
    assert intent_of(text, "mission_children") == "mission_children"


def test_a_whole_name_beside_a_title_asks_without_a_mark():
    assert intent_of("alvarsdotter bodil konsulent ja eller nej", "oos") == "contact_person"
    assert intent_of("bodil konsulent var kul", "oos") == "oos"


def test_each_question_of_a_message_is_looked_at():
    text = "Brukar Bodil hålla kurser?"
    further = {
        "text": text,
        "intent": {"name": "oos", "confidence": 0.5},
        "intent_ranking": [],
        "entities": NameFinder(None, None, set()).names(text),
    }
    intent_of("Hej", "greet", further=[further])
    assert further["intent"]["name"] == "contact_person"
