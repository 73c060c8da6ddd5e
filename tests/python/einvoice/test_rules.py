"""The rules of EN 16931: what they find, what never reaches them, and that they are optional."""

from __future__ import annotations

import sys

import pdf_maker
import pytest

from duebill import samples
from duebill.einvoice import Violation, _rules, validate
from duebill.errors import ExtraMissing, ForbiddenXml, InvoiceTooLarge, NotAnInvoice, NotWellFormed

UBL, CII = "brake-systems-eur-ubl", "castings-eur-cii"


def changed(name, old, new):
    data = samples.read(name)
    assert old.encode() in data
    return data.replace(old.encode(), new.encode())


@pytest.mark.parametrize("name", samples.names())
def test_the_samples_follow_the_rules(name):
    """Each sample is what it claims to be."""
    assert validate(samples.read(name)) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "rules"),
    [
        (UBL, "<cbc:ID>HBS-2026-004127</cbc:ID>", "", {"BR-02"}),
        (UBL, ">1248310.00<", ">1248310.01<", {"BR-CO-15"}),
        (UBL, ">1248310.00</cbc:PayableAmount", ">1</cbc:PayableAmount", {"BR-CO-16"}),
        (UBL, ">380<", ">999<", {"BR-CL-01"}),
        (CII, "<ram:ID>FVC-26-3318</ram:ID>", "", {"BR-02"}),
        (CII, ">409590.00<", ">409590.01<", {"BR-CO-16"}),
        ("credit-note-eur-ubl", "<cbc:ID>HBS-2026-004127</cbc:ID>", "", {"BR-55", "UBL-SR-07"}),
    ],
)
def test_a_broken_rule_is_named(name, old, new, rules):
    """By its id, in the words of the standard, with the place."""
    found = validate(changed(name, old, new))
    assert {each.rule for each in found} == rules
    for each in found:
        assert each.severity == "fatal"
        assert each.rule not in each.text
        assert len(each.text) > 20
        assert each.location.startswith(("/Invoice[1]", "/CrossIndustryInvoice[1]", "/CreditNote"))
        assert "namespace-uri" not in each.location


def test_a_broken_rule_in_full():
    """Each field of what is found."""
    data = changed(UBL, ">1248310.00</cbc:PayableAmount", ">1</cbc:PayableAmount")
    assert validate(data) == (
        Violation(
            rule="BR-CO-16",
            text="Amount due for payment (BT-115) = Invoice total amount with VAT (BT-112) -Paid "
            "amount (BT-113) +Rounding amount (BT-114).",
            location="/Invoice[1]/LegalMonetaryTotal[1]",
            severity="fatal",
        ),
    )


def test_rules_of_factur_x_bind_no_other_invoice():
    """An XRechnung in CII is checked against EN 16931 and not against the profiles of others."""
    data = changed(CII, "urn:cen.eu:en16931:2017", "urn:cen.eu:en16931:2017#compliant#urn:x")
    assert validate(data) == ()


def test_a_pdf_is_checked_by_what_is_attached():
    data = changed(CII, ">409590.00<", ">409590.01<")
    assert validate(pdf_maker.pdf(("factur-x.xml", data))) == validate(data) != ()


def test_encodings_make_no_difference():
    text = samples.read(UBL).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert "UTF-16" in text
    assert validate(text.encode("utf-16")) == ()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', ForbiddenXml),
        (b"<a>" * 1_000, InvoiceTooLarge),
        (b"<a>", NotWellFormed),
        (b"<a/>", NotAnInvoice),
        (b"", NotAnInvoice),
        (b" " * (_rules.MAX_RULES_BYTES + 1), InvoiceTooLarge),
    ],
)
def test_threat_62_hostile_xml_does_not_reach_the_rules(monkeypatch, data, error):
    """The project's own reader stands in front."""
    monkeypatch.setattr(_rules, "_run", lambda *_: pytest.fail("it reached them"))
    with pytest.raises(error):
        validate(data)


@pytest.mark.parametrize("part", ["saxonche", "facturx"])
def test_what_checks_rules_is_optional(monkeypatch, part):
    """Without it the message says what to install."""
    _rules._compiled.cache_clear()
    if part == "saxonche":
        monkeypatch.setitem(sys.modules, part, None)
    else:
        monkeypatch.setattr(_rules, "find_spec", lambda _: None)
    with pytest.raises(ExtraMissing, match=r"pip install 'duebill\[validate\]'"):
        validate(samples.read(UBL))
