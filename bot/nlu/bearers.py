"""Whose a name is: one of ours, the visitor's own, or somebody's who works elsewhere."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from bot.nlu.name_words import WordList
from bot.nlu.reading import Reading
from bot.nlu.tokens import Token
from bot.nlu.whole_names import Span

# So many words may stand between what tells of a place and the place.
_BETWEEN: Final = 3
# A signature has no more words after it.
_SIGNATURE: Final = 8
# A last line that is a name is a signature where this much was written before.
_LETTER: Final = 8
_LONGEST_PHRASE: Final = 3


class Bearer(Enum):
    """Who bears a name in a message."""

    OURS = auto()
    STRANGER = auto()
    VISITOR = auto()


def bearer(reading: Reading, span: Span) -> Bearer:
    """Tell whose the name is."""
    if _introduces(reading, span) or _is_signed(reading, span):
        return Bearer.VISITOR
    is_ours = span.people and not _is_elsewhere(reading, span)
    return Bearer.OURS if is_ours else Bearer.STRANGER


def _introduces(reading: Reading, span: Span) -> bool:
    """Tell whether the visitor says who they are: "jag heter Eva", "Eva här"."""
    words, gap = reading.words, reading.tokens[span.first].gap
    is_near = not gap.strip(" ,:–-")
    if is_near and _ends_with(reading, span.first, words.introduces):
        return True
    before = reading.before(span.first)
    if before and not reading.tokens[span.first].is_spaced and is_near:
        opens = before.begins and before.lower in words.introduces_at_start
        after = reading.at(span.last)
        goes_on = after is not None and after.lower in words.is_what  # "Rätta mig: Pind är chef."
        if (opens or before.lower in words.introduces_apart) and not goes_on:
            return True
    if _opens_a_sentence(reading, span.first):
        return _goes_on_with(reading, span.last)
    return _ends_with(reading, span.first, words.presents) and _is_from(reading, span.last)


def _is_from(reading: Reading, place: int) -> bool:
    """Tell whether somebody who presents themselves goes on: "det är Anna från Bollebygd"."""
    token, where = reading.at(place), reading.at(place + 1)
    if token is None or not token.is_spaced or token.lower not in reading.words.present:
        return False
    return where is None or where.lower not in reading.words.no_places


def _ends_with(reading: Reading, place: int, phrases: WordList) -> bool:
    """Tell whether the words before a place are one of the phrases."""
    before = tuple(t.lower for t in reading.tokens[max(0, place - _LONGEST_PHRASE) : place])
    known = phrases.phrases
    return any(before[-length:] in known for length in range(1, len(before) + 1))


def _opens_a_sentence(reading: Reading, place: int) -> bool:
    """Tell whether a name begins a sentence, but for a greeting: "Hej, Malin här"."""
    token, before = reading.tokens[place], reading.before(place)
    if token.begins or before is None:
        return True
    return before.lower in reading.words.greetings


def _goes_on_with(reading: Reading, place: int) -> bool:
    """Tell whether what follows makes the name the visitor's: "heter jag", "här"."""
    token = reading.at(place)
    if token is None or token.gap.strip(" ,"):
        return any(mark.isdigit() for mark in token.gap) if token and place == 1 else False
    after = tuple(t.lower for t in reading.tokens[place : place + _LONGEST_PHRASE])
    if any(after[:length] in reading.words.introduced.phrases for length in (1, 2, 3)):
        return True
    ends = reading.at(place + 1)
    return token.lower in reading.words.introduced_at_end and (ends is None or ends.begins)


def _is_signed(reading: Reading, span: Span) -> bool:
    """Tell whether the name is a signature: "Mvh Eva", "/Sara", a line of its own at the end."""
    rest = reading.tokens[span.last :]
    if len(rest) > _SIGNATURE or reading.asks_after(span.last):
        return False
    first = reading.tokens[span.first]
    gap = first.gap
    if gap.rstrip().endswith("/") and gap != "/":
        return True
    if _signs_before(reading, span.first):
        return True
    is_line = "\n" in gap and (not rest or "\n" in rest[0].gap or "," in rest[0].gap)
    return is_line and span.first >= _LETTER


def _signs_before(reading: Reading, place: int) -> bool:
    start = max(0, place - _SIGNATURE)
    signs = [i for i in range(start, place) if reading.tokens[i].lower in reading.words.signs]
    if not signs:
        return False
    # "Hälsning till Eva", "vänligen ge numret till Eva".
    beside = (reading.tokens[signs[-1] + 1], reading.tokens[place - 1])
    is_to_somebody = any(one.is_spaced and one.lower in reading.words.to_somebody for one in beside)
    return not is_to_somebody and not reading.asks_after(signs[-1])


def _is_elsewhere(reading: Reading, span: Span) -> bool:
    """Tell whether somebody with the name of one of ours is meant, who is another."""
    return (
        _is_known_elsewhere(reading, span)
        or _has_anothers_title(reading, span.first, span.last)
        or _is_called_so(reading, span.first)
        or _is_told_of(reading, span.last)
        or _is_of_a_place(reading, span)
    )


def _is_known_elsewhere(reading: Reading, span: Span) -> bool:
    """Tell whether it is part of what everybody knows as another: "Adam och Eva"."""
    known = reading.words.known_elsewhere.phrases
    starts = range(max(0, span.first - _LONGEST_PHRASE + 1), span.first + 1)
    return any(
        tuple(token.lower for token in reading.tokens[start:end]) in known
        for start in starts
        for end in range(span.last, start + _LONGEST_PHRASE + 1)
    )


def _is_set_apart(reading: Reading, before: Token, first: int, last: int) -> bool:
    """Tell whether a name between commas tells who it is: "en kompis, Sara, sa"."""
    after = reading.at(last)
    gaps = (reading.tokens[first].gap, after.gap if after else "")
    return gaps == (", ", ", ") and before.lower in reading.words.others_titles


def _has_anothers_title(reading: Reading, first: int, last: int) -> bool:
    """Tell whether it is another: "rektor Anna", "min fru Malin", "Bibelns Sara"."""
    before = reading.before(first)
    if before is None or not reading.tokens[first].is_spaced:
        return before is not None and _is_set_apart(reading, before, first, last)
    if before.lower in reading.words.others_titles:
        return True
    whose = reading.before(first - 1)
    if whose and before.lower in reading.words.told_about:
        return before.is_spaced and whose.lower in reading.words.others_titles
    if whose and before.lower in reading.words.relatives_of:
        return before.is_spaced and whose.lower in reading.words.relatives
    if reading.is_no_name(first - 1):
        return False
    if whose and before.is_spaced and whose.lower in reading.words.possessives:
        return True
    return before.is_capital and before.lower in reading.words.genitives


def _is_called_so(reading: Reading, first: int) -> bool:
    """Tell whether it is said of another that this is the name: "min kanin heter Bodil"."""
    before = reading.before(first)
    if before and before.lower in reading.words.called_besides:
        first -= 1
        before = reading.before(first)
    if before is None or before.lower not in reading.words.is_called:
        return False
    who = reading.tokens[max(0, first - 1 - _BETWEEN) : first - 1]
    lists = (reading.words.possessives, reading.words.others_titles)
    is_ours = any(token.lower in reading.words.no_names for token in who[-1:])
    return not is_ours and any(token.lower in words for token in who for words in lists)


def _is_told_of(reading: Reading, last: int) -> bool:
    """Tell whether what follows makes it another: ", vaktmästaren", "är min läkare"."""
    token = reading.at(last)
    if token is None or token.gap not in (" ", ", "):
        return False
    if token.gap == ", " and token.lower in reading.words.others_titles:
        return True
    place = last + 1 if token.lower in reading.words.who else last
    after = [reading.at(place), reading.at(place + 1), reading.at(place + 2)]
    verb, whose, noun = [token.lower if token else "" for token in after]
    if verb not in reading.words.is_what or not whose:
        return False
    is_theirs = whose in reading.words.possessives and noun and not reading.is_no_name(place + 2)
    return bool(is_theirs) or whose in reading.words.others_titles


def _is_of_a_place(reading: Reading, span: Span) -> bool:
    """Tell whether a place of work that is not ours follows: "Malin som arbetar på Film i Väst"."""
    words, place = reading.words, _place_after(reading, span)
    where = reading.at(place) if place else None
    if place is None or where is None or not where.is_spaced:
        return False
    if where.lower in words.no_places or _is_our_unit(reading, place):
        is_house = where.lower in words.workplaces
        return is_house and _has_another_place(reading, place + 1)
    two = reading.tokens[place : place + 2]
    near = [t for t in two if t is where or t.is_spaced or t.is_hyphened]
    if any(t.lower in words.workplaces and t.lower not in words.no_places for t in near):
        return True
    is_full_name = span.has_given and span.has_surname
    if where.lower in words.possessives:
        return not is_full_name
    says_so = place - 1 > span.last
    is_named = reading.is_named_place(place) and not _brings_something(reading, span)
    return is_named and (says_so or not is_full_name) and not _asks_where(reading, span)


def _place_after(reading: Reading, span: Span) -> int | None:
    """Return where the word stands that follows "på" or "i" after a name."""
    place = span.last + (2 if _brings_something(reading, span) else 0)
    while (token := reading.at(place)) and token.lower in reading.words.works:
        place += 1
        if place - span.last > _BETWEEN:
            return None
    token = reading.at(place)
    is_joined = token is not None and reading.tokens[span.last].gap in (" ", ", ")
    is_place = is_joined and token is not None and token.lower in reading.words.at_places
    return place + 1 if is_place else None


def _brings_something(reading: Reading, span: Span) -> bool:
    """Tell whether a sentence begins so: "Sara med lånekortet på Stadsbiblioteket"."""
    token = reading.at(span.last)
    is_with = token is not None and token.is_spaced and token.lower in reading.words.with_something
    return is_with and reading.tokens[span.first].begins


def _is_our_unit(reading: Reading, place: int) -> bool:
    """Tell whether a place of two words is our unit, or none: "på Biblioteks-utveckling"."""
    token, after = reading.tokens[place], reading.at(place + 1)
    return after is not None and token.lower + after.lower in reading.words.no_places


def _has_another_place(reading: Reading, place: int) -> bool:
    """Tell whether what could be ours is of another place: "på regionbiblioteket i Halmstad"."""
    token, where = reading.at(place), reading.at(place + 1)
    if token is None or where is None or token.lower not in reading.words.in_a_place:
        return False
    is_ours = where.lower in reading.words.no_places
    is_named = reading.is_capital_inside(place + 1) or reading.is_named_place(place + 1)
    return is_named and not is_ours


def _asks_where(reading: Reading, span: Span) -> bool:
    """Tell whether the question is where one of ours is: "Sitter Anna i Borås?"."""
    before, token = reading.before(span.first), reading.tokens[span.last]
    if before is None or before.lower not in reading.words.whereabouts:
        return False
    if (who := reading.before(span.first - 1)) and who.lower in reading.words.about_people:
        return False  # "Vem är Malin i Borås?"
    after = reading.at(span.last + 2)
    is_all = after is None or after.lower not in reading.words.about_people
    return token.lower in reading.words.towns_follow and is_all
