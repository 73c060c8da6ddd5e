"""A party's identifier: checked, in one form, and on the chain only as a keyed hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duebill.errors import (
    BadIdentifier,
    BadKey,
    CheckDigitWrong,
    IdentifierLengthWrong,
    UnknownScheme,
)
from duebill.identifiers import SCHEMES, Identifier, identifier_of
from duebill.identifiers import _rules as rules_of
from duebill.model import InvoiceParty
from duebill.registry._keys import plain_identifier

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "party-identifiers.json").read_text("utf-8")
)
KEY = bytes.fromhex(VECTORS["key"])
LEI = "984500AURM0T0RAG2644"
USCC = "91110000600037341L"


@pytest.mark.parametrize("vector", VECTORS["identifiers"], ids=lambda vector: vector["name"])
def test_every_way_to_write_an_identifier_gives_its_hash(vector):
    """Whoever writes a registrar's program in another language needs nothing but the file."""
    content = ("duebill reference" + vector["canonical"]).encode()
    expected = "0x" + hashlib.blake2b(content, key=KEY, digest_size=32).hexdigest()

    assert vector["hash"] == expected
    for written in vector["written"]:
        found = Identifier.parse(written)
        assert str(found) == vector["canonical"]
        assert found.keyed_hash(KEY) == expected


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        (f"lei:{LEI[:-1]}5", CheckDigitWrong, "check digits"),
        ("lei:984500AURM0T0RAG26", IdentifierLengthWrong, "length"),
        ("uscc:91110000600037341X", CheckDigitWrong, "check digits"),
        ("uscc:9111000060003734", IdentifierLengthWrong, "length"),
        ("vat:DE136695977", CheckDigitWrong, "check digits"),
        ("vat:XX123", BadIdentifier, "another form"),
        ("fr-siren:552 008 444", CheckDigitWrong, "check digits"),
        ("lei:=cmd()", BadIdentifier, "is no identifier of the scheme lei"),
        ("lei:", BadIdentifier, "lei"),
    ],
)
def test_a_mistyped_identifier_is_refused_with_its_reason(text, kind, reason):
    with pytest.raises(kind, match=reason):
        Identifier.parse(text)


def test_a_short_text_whose_check_digits_fit_is_no_lei():
    """python-stdnum looks at the check digits alone, and 984551 has right ones."""
    assert rules_of("lei").is_valid("984551")
    with pytest.raises(IdentifierLengthWrong):
        Identifier("lei", "984551")


@pytest.mark.parametrize("text", ["duns:123456789", "no such", "", "552008443", ":1"])
def test_an_unknown_scheme_is_refused_with_what_to_write(text):
    with pytest.raises(UnknownScheme, match="scheme:value") as caught:
        Identifier.parse(text)
    assert set(caught.value.known) == SCHEMES


def test_an_lei_and_a_uscc_may_stand_alone():
    assert Identifier.parse(LEI) == Identifier("LEI", LEI.lower())
    assert Identifier.parse(USCC) == Identifier("uscc", USCC)


def test_the_same_digits_of_two_schemes_are_two_parties():
    """A French and an Israeli company can have the same number."""
    french, israeli = (Identifier(scheme, "552008443") for scheme in ("fr-siren", "il-hp"))

    assert french.value == israeli.value
    assert french.keyed_hash(KEY) != israeli.keyed_hash(KEY)


def test_another_key_gives_another_hash_and_a_bad_one_none():
    found = Identifier.parse(LEI)

    assert found.keyed_hash(bytes(32)) != found.keyed_hash(KEY)
    with pytest.raises(BadKey):
        found.keyed_hash(b"short")


@pytest.mark.parametrize(
    ("scheme", "id_", "expected"),
    [
        ("0199", LEI, f"lei:{LEI}"),
        ("0002", "552 008 443", "fr-siren:552008443"),
        ("VA", "DE136695976", "vat:DE136695976"),
        ("0208", "0428759497", "be-vat:0428759497"),
        (None, USCC, f"uscc:{USCC}"),
    ],
)
def test_an_invoice_names_its_parties_by_the_same_identifiers(scheme, id_, expected):
    """What a registrar verified, and what an invoice says, can be compared."""
    assert str(identifier_of(InvoiceParty("ACME", id_, scheme))) == expected


@pytest.mark.parametrize("party", [InvoiceParty("ACME"), InvoiceParty("ACME", "1", "9999")])
def test_an_invoice_whose_scheme_is_not_known_here(party):
    with pytest.raises(UnknownScheme):
        identifier_of(party)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_every_scheme_has_rules_and_refuses_nonsense(scheme):
    with pytest.raises(BadIdentifier):
        Identifier(scheme, "nonsense!")


@given(st.sampled_from(VECTORS["identifiers"]), st.data())
def test_spaces_and_capitals_do_not_count(vector, data):
    """However it is typed: one identifier, and for the invoice registry one seller."""
    scheme, _, value = vector["canonical"].partition(":")
    places = data.draw(st.lists(st.integers(0, len(value)), max_size=4))
    typed = value.lower() if data.draw(st.booleans()) else value
    for place in sorted(places, reverse=True):
        typed = f"{typed[:place]} {typed[place:]}"

    found = Identifier(scheme, typed)

    assert str(found) == vector["canonical"]
    assert plain_identifier(found.value) == plain_identifier(typed)
    assert Identifier(scheme, found.value) == found
