"""Clean a text before anything looks at it: texts that look alike are read alike."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from ftfy import TextFixerConfig, fix_text
from ftfy.fixes import unescape_html

# Nothing in such a text needs a look at each character.
_PLAIN: Final = re.compile(r"[\n\t -~åäöÅÄÖéÉüÜ§–—”…]*")
# Characters that show nothing, beside those that Unicode calls format characters.
_SHOW_NOTHING: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc")
# Kinds of characters: not shown, and drawn onto the letter before.
_UNSEEN: Final = ("Cf", "Cc", "Cs", "Co", "Cn")
_MARKS: Final = ("Mn", "Me")
_SEPARATORS: Final = ("Zs", "Zl", "Zp")
# U+FDFA is a prayer of eighteen letters; whoever writes it out makes a long text of a short one.
_LONGEST_WRITTEN_OUT: Final = 6
_LAST_LATIN: Final = "\u024f"
# Letters of other scripts that look like Latin ones, in words that mix them.
_LOOK_ALIKE: Final = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅαοΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdqwABEKMHOPCTYXIJSaoABEZHIKMNOPTYX",
)
_OTHER_LETTERS: Final = "\u0370-\u052f"
_MIXED_WORD: Final = re.compile(
    rf"\b(?=[^\W\d_]*[{_OTHER_LETTERS}])(?=[{_OTHER_LETTERS}]*[a-zåäö])[^\W\d_]+", re.IGNORECASE
)

_AS_WRITTEN: Final = TextFixerConfig(
    unescape_html=False, fix_encoding=False, uncurl_quotes=False, explain=False
)
_AS_MEANT: Final = TextFixerConfig(unescape_html=False, explain=False)
_BLOCK: Final = re.compile(r"</?(?:p|div|br|li|ul|ol|tr|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|<!--|-->", re.IGNORECASE)
_LINK: Final = re.compile(r"\[([^\[\]\n]+)\]\([^()\s]*\)")
_LINE_MARK: Final = re.compile(r"^[ \t]*(?:#{1,6}|>+|[*•‣])[ \t]+", re.MULTILINE)
_EMPHASIS: Final = re.compile(r"(?<![\w*~`])[*_~`]+(?=\w)|(?<=[\w.!?])[*_~`]+(?![\w*~`])")

# "d ö" and "s-o-s": single letters, each with the same mark after it.
_SPELLED_OUT: Final = re.compile(
    r"(?<![\w'’])[^\W\d_](?P<gap>[ \t*_.-])[^\W\d_](?:(?P=gap)[^\W\d_])*(?![\w'’])"
)
_SINGLE_LETTERS: Final = Path(__file__).with_name("single_letters.txt")
_BROKEN_WORD: Final = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_A-ZÅÄÖ])")
_WORD_A_LINE: Final = re.compile(r"^\S+(?:\n+\S+){2,}$", re.MULTILINE)
_DRAWN_OUT: Final = re.compile(r"(?!www)([^\W\d_])\1{2,}", re.IGNORECASE)
_MANY_MARKS: Final = re.compile(r"([^\w\s*/])\1+")
_END_MARKS: Final = re.compile(r"[?!.…]{2,}|…")
_SPACES: Final = re.compile(r"[^\S\n]+")
_LINE_ENDS: Final = re.compile(r" ?\n ?")


def clean(text: str) -> str:
    r"""Return what a visitor means to write, however it was typed, copied or decorated.

    >>> clean("<p>VAD  **G&ouml;r**\u200b ni????</p>")
    'VAD Gör ni?'

    Letters are composed and encodings repaired; what cannot be seen, markup, repeated marks
    and drawn-out letters go; words of a line each are joined, and so are spelled-out words.
    The result may be empty, and is at most three times as long.
    """
    while "&" in text and (unescaped := unescape_html(text)) != text:
        text = unescaped  # One entity may hide another; each time the text is shorter.
    if not _PLAIN.fullmatch(text):
        text = _MIXED_WORD.sub(_in_latin, _visible(fix_text(text, _AS_MEANT)))
    text = _without_markup(text)
    text = _with_whole_words(text)
    text = _LINE_ENDS.sub("\n", _SPACES.sub(" ", text)).strip()
    text = _WORD_A_LINE.sub(_on_one_line, _BROKEN_WORD.sub("", text))
    text = _END_MARKS.sub(_one_mark, _MANY_MARKS.sub(r"\1", text))
    return _DRAWN_OUT.sub(r"\1", text)


def clean_file(text: str) -> str:
    """Return a file's text with letters composed and without characters that cannot be seen.

    Lines stay where they are, and so does all that staff mean to write: only how it is
    encoded changes. Spaces of any kind become plain ones.
    """
    return text if _PLAIN.fullmatch(text) else _visible(fix_text(text, _AS_WRITTEN))


def _visible(text: str) -> str:
    """Return the text without what shows nothing, all spaces plain."""
    seen: list[str] = []
    for character in text:
        kind = unicodedata.category(character)
        if character in "\n\t":
            seen.append(character)
        elif kind in _SEPARATORS:
            seen.append(" ")
        elif kind in _MARKS and seen and seen[-1] <= _LAST_LATIN:
            continue  # What belongs to a Latin letter is composed with it already.
        elif kind not in _UNSEEN and character not in _SHOW_NOTHING and not _is_phrase(character):
            seen.append(character)
    return "".join(seen)


def _is_phrase(character: str) -> bool:
    """Tell whether a character stands for a whole phrase, which Unicode writes out in full."""
    return len(unicodedata.normalize("NFKD", character)) > _LONGEST_WRITTEN_OUT


def _in_latin(word: re.Match[str]) -> str:
    return word[0].translate(_LOOK_ALIKE)


def _without_markup(text: str) -> str:
    text = _TAG.sub("", _BLOCK.sub("\n", text)) if "<" in text or "-->" in text else text
    return _EMPHASIS.sub("", _LINE_MARK.sub("", _LINK.sub(r"\1", text)))


def _with_whole_words(text: str) -> str:
    """Return the text with spelled-out words joined: "d ö", "V A D  G Ö R  N I"."""
    runs = [run[0].split(run["gap"]) for run in _SPELLED_OUT.finditer(text)]
    # Two letters may be words of their own, unless something else is spelled out too.
    is_certain = any(len(letters) > 2 for letters in runs)

    def joined(run: re.Match[str]) -> str:
        letters = run[0].split(run["gap"])
        are_words = any(letter.casefold() in _words() for letter in letters)
        is_word = len(letters) > 2 or (run["gap"].isspace() and (is_certain or not are_words))
        return "".join(letters) if is_word else run[0]

    return _SPELLED_OUT.sub(joined, text) if runs else text


@cache
def _words() -> frozenset[str]:
    lines = _SINGLE_LETTERS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _on_one_line(lines: re.Match[str]) -> str:
    return " ".join(lines[0].split())


def _one_mark(marks: re.Match[str]) -> str:
    return next((mark for mark in "?!" if mark in marks[0]), ".")
