"""Answers to several questions of a message are one reply."""

from bot.engine.one_reply import as_one_reply


def button(name):
    return {"title": name, "payload": f"/{name}"}


def item(text, *buttons):
    return {"text": text, **({"buttons": [*map(button, buttons)]} if buttons else {})}


def texts(*items):
    return [one["text"] for one in as_one_reply(items)]


def test_a_sentence_is_said_once():
    assert texts(item("Planen saknas. Fråga chefen."), item("Priset saknas. Fråga chefen.")) == [
        "Planen saknas. Fråga chefen.",
        "Priset saknas.",
    ]


def test_an_answer_that_was_given_is_left_out():
    assert texts(item("Planen saknas."), item("Planen saknas.")) == ["Planen saknas."]


def test_a_list_goes_with_the_line_above_it():
    consultants = "Konsulenter är:\n- Eva\n- Sara"
    assert texts(item(consultants), item(consultants), item("Nummer saknas:\n- Eva")) == [
        consultants,
        "Nummer saknas:\n- Eva",
    ]


def test_buttons_are_under_the_last_answer_its_own_first_and_no_more_than_are_looked_at():
    first, second = as_one_reply([item("A.", "a", "b", "c"), item("B.", "d", "a", "e")])
    assert "buttons" not in first
    assert second["buttons"] == [button(name) for name in "dabe"]


def test_buttons_of_an_answer_that_is_left_out_are_kept():
    (only,) = as_one_reply([item("A.", "a"), item("A.", "b")])
    assert only["buttons"] == [button("b"), button("a")]


def test_a_single_answer_is_as_it_was():
    one = item("Hej.\n\nVi finns:\n- här\n- här", "a")
    assert as_one_reply([one]) == [one]
    assert as_one_reply([]) == []
