"""How to reach somebody: what is meant of what was pasted, and what can be nothing of the kind."""

from __future__ import annotations

import re
import unicodedata
from email.errors import MessageError
from email.headerregistry import Address
from typing import Annotated, Final

import idna
from pydantic import AfterValidator

_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()\-]{4,20}")
_NOT_OF_A_PHONE: Final = re.compile(r"[^0-9 ()+\-]")
_LIKE: Final = "Skriv till exempel 010-123 45 67."
# What mail programs and lists put around an address, or after it.
_AROUND: Final = " <>;,.\"'"
_WITHIN: Final = re.compile(r"<([^<>]+)>")
_SCHEME: Final = re.compile(r"(?<!\w)(?:mailto|tel):", re.IGNORECASE)
_TOP: Final = re.compile(r"[a-z-]{2,}|xn--[a-z0-9-]+", re.IGNORECASE)


def read_phone(written: str) -> str:
    """Return the telephone number that is meant: digits, spaces, hyphens, brackets and a plus.

    Raises:
        ValueError: it is none, in words for whoever wrote it.

    """
    number = _plain(written)
    if not _PHONE.fullmatch(number):
        strange = "".join(dict.fromkeys(_NOT_OF_A_PHONE.findall(number)))
        why = f"”{strange}” kan inte stå i ett. " if strange else ""
        raise ValueError(f"det ser inte ut som ett telefonnummer. {why}{_LIKE}")
    return number


def read_email(written: str) -> str:
    """Return the address of e-mail that is meant, and nothing around it.

    Raises:
        ValueError: it is none, in words for whoever wrote it.

    """
    plain = _plain(written)
    if plain.count("@") > 1:
        raise ValueError("här står mer än en e-postadress. Skriv bara en.")
    # "Anna Berg <anna@exempel.se>" holds one too, "anna@exempel.se?subject=Hej" another.
    within = _WITHIN.search(plain)
    address = (within[1] if within else plain).partition("?")[0].strip(_AROUND)
    if not _is_address(address):
        raise ValueError(
            f"”{plain}” ser inte ut som en e-postadress. Skriv till exempel anna@exempel.se, "
            "med bokstäver a–z, utan mellanslag och utan något omkring."
        )
    return address


Phone = Annotated[str, AfterValidator(read_phone)]
Email = Annotated[str, AfterValidator(read_email)]


def _plain(text: str) -> str:
    """Return what can be seen of a text, with common spaces and hyphens, without a scheme."""
    kinds = ((unicodedata.category(one), one) for one in unicodedata.normalize("NFKC", text))
    seen = (
        " " if one.isspace() else "-" if kind == "Pd" else one
        for kind, one in kinds
        if kind != "Cf"
    )
    return _SCHEME.sub("", " ".join("".join(seen).replace("−", "-").split()), count=1).strip()


def _is_address(text: str) -> bool:
    name, _, host = text.rpartition("@")
    try:
        is_whole = Address(addr_spec=text).addr_spec == text
        labels = idna.encode(host, uts46=True, std3_rules=True).decode().split(".")
    except (MessageError, ValueError, IndexError):  # idna's own are ValueErrors too.
        return False
    return is_whole and '"' not in name and len(labels) > 1 and bool(_TOP.fullmatch(labels[-1]))
