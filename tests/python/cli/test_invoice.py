"""`duebill invoice show`: what programs get, and what becomes of bad files."""

from __future__ import annotations

import json

import pytest

from duebill import samples

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&b;</Invoice>'
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd">'
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
)


@pytest.fixture
def sample(tmp_path):
    """Writes a sample, changed if wanted, and gives its path."""

    def write(sample, **changes):
        text = samples.read(sample).decode()
        for what, new in changes.items():
            old = {"name": "Hallertau Bremssysteme GmbH", "amount": "1248310.00"}[what]
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / f"{sample}.xml"
        path.write_text(text)
        return str(path)

    return write


def test_what_programs_get(cli, sample):
    """The keys that the interface promises, with amounts as strings and dates as ISO 8601."""
    data = cli.data("invoice", "show", sample("brake-systems-eur-ubl"))
    assert list(data) == [
        "kind",
        "code",
        "number",
        "type_code",
        "issue_date",
        "due_date",
        "currency",
        "payable_amount",
        "net_amount",
        "tax_amount",
        "seller",
        "buyer",
        "corrects",
        "syntax",
        "documents_hash",
    ]
    assert data["number"] == "HBS-2026-004127"
    assert data["payable_amount"] == "1248310.00"
    assert data["due_date"] == "2027-05-15"
    assert data["seller"]["name"] == "Hallertau Bremssysteme GmbH"
    assert data["seller"]["id"] == "984500HALBREMS0G2602"
    assert data["buyer"]["name"] == "Aurora Motors AG"


def test_a_missing_due_date_is_null(cli, sample):
    """It is not invented; people are told how to give it."""
    file = sample("semiconductors-usd-ubl")
    assert cli.data("invoice", "show", file)["due_date"] is None
    assert "--due" in cli.ok("invoice", "show", file)


def test_other_scripts_are_printed_as_they_are(cli, sample):
    """Names are text, not bytes and not escapes."""
    file = sample("machining-cny-cii")
    assert "苏州明湖精密机械有限公司" in cli.ok("invoice", "show", file)
    assert "苏州明湖精密机械有限公司" in cli.ok("invoice", "show", file, "--json")


def test_markup_in_a_name_stays_text(cli, sample):
    """THREATS 66: nobody can colour, hide or link anything by a company's name."""
    name = "[red]Alert[/red] [link=http://x]y[/link] :smile:"
    file = sample("brake-systems-eur-ubl", name=name)
    assert name in cli.ok("invoice", "show", file)


def test_a_credit_note_is_refused(cli, sample):
    """It is no claim of the seller's."""
    error = cli.error("invoice", "show", sample("credit-note-eur-ubl"), code=3)
    assert error["type"] == "CreditNote"
    assert error["type_code"] == "381"


@pytest.mark.parametrize(
    ("amount", "kind"),
    [
        ("0.00", "NothingToPay"),
        ("-5.00", "NothingToPay"),
        ("1e3", "BadAmount"),
        ("", "MissingField"),
    ],
)
def test_56_amounts_that_nobody_can_owe(cli, sample, amount, kind):
    """THREATS 56: each with its own reason."""
    file = sample("brake-systems-eur-ubl", amount=amount)
    assert cli.error("invoice", "show", file, code=3)["type"] == kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (BOMB, "ForbiddenXml"),
        (OUTSIDE, "ForbiddenXml"),
        ("<a><b></a>", "NotWellFormed"),
        ("", "NotAnInvoice"),
        ("%PDF-1.7", "BrokenPdf"),
        ("<html/>", "NotAnInvoice"),
        ("<a>" * 200 + "</a>" * 200, "InvoiceTooLarge"),
    ],
)
def test_62_hostile_and_broken_files(cli, tmp_path, content, kind):
    """THREATS 62: refused with a reason, whatever they try."""
    path = tmp_path / "x.xml"
    path.write_text(content)
    assert cli.error("invoice", "show", str(path), code=3)["type"] == kind


def test_65_a_huge_file(cli, tmp_path):
    """THREATS 65: not even read."""
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    assert cli.error("invoice", "show", str(path), code=3)["type"] == "InvoiceTooLarge"


def test_no_such_file(cli):
    """Nor a folder."""
    assert cli.error("invoice", "show", "none.xml", code=3)["type"] == "UnreadableInvoice"
    assert cli.error("invoice", "show", ".", code=3)["type"] == "UnreadableInvoice"


def test_64_control_characters_in_a_file_name(cli):
    """THREATS 64: a name cannot steer the terminal from inside the message."""
    error = cli.error("invoice", "show", "a\x1b[31mb", code=3)
    assert "\x1b" not in error["message"]


def test_an_invoice_that_follows_the_rules(cli, sample):
    """With --rules it says so; without, only that it can be read. Credit notes are checked too."""
    file = sample("brake-systems-eur-ubl")
    assert cli.ok("invoice", "check", file) == "HBS-2026-004127 can be read.\n"
    assert "follows EN 16931" in cli.ok("invoice", "check", "--rules", file)
    assert cli.data("invoice", "check", "--rules", sample("credit-note-eur-ubl")) == {
        "number": "HBS-CN-2026-0093",
        "violations": [],
    }


def test_an_invoice_that_breaks_a_rule(cli, sample):
    """Each rule by its id; programs get the place as well. Unread rules break nothing."""
    file = sample("brake-systems-eur-ubl", amount="1248310.01")
    assert cli.run("invoice", "check", file).exit_code == 0
    result = cli.run("invoice", "check", "--rules", file)
    assert result.exit_code == 3
    assert [line.split()[:2] for line in result.stdout.splitlines()[1:]] == [["BR-CO-15", "fatal"]]
    found = json.loads(cli.run("invoice", "check", "--rules", file, "--json").stdout)
    assert found["violations"][0]["location"] == "/Invoice[1]"


def test_what_cannot_be_read_is_not_checked(cli, tmp_path):
    path = tmp_path / "x.xml"
    path.write_text(BOMB)
    error = cli.error("invoice", "check", "--rules", str(path), code=3)
    assert error["type"] == "ForbiddenXml"
