"""The demo: its story on the real program, and the arithmetic behind it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from duebill import samples
from duebill.demo import play
from duebill.demo._calendar import calendar_of
from duebill.demo._shares import share_out
from duebill.einvoice import read_invoice
from duebill.errors import TooSmallToShare
from duebill.model import Invoice, InvoiceParty, Money

PROGRAM = str(Path(sys.executable).with_name("duebill"))


def demo(*words, folder):
    done = subprocess.run(
        [PROGRAM, "demo", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done


def changed(tmp_path, sample, changes):
    """A sample with other values, as a file."""
    text = samples.read(sample).decode()
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "invoice.xml"
    path.write_text(text)
    return str(path)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The story on the samples, as data."""
    folder = tmp_path_factory.mktemp("demo")
    done = demo("--json", "--svg", "lineage.svg", folder=folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout), folder


@pytest.mark.slow
def test_the_result_as_data(told):
    """One object with these keys, and nothing else on standard output."""
    data, _ = told
    assert list(data) == [
        "invoice",
        "receivables",
        "vouchers",
        "balances",
        "gas",
        "refusals",
        "invariants",
        "svg",
    ]
    assert set(data["gas"][0]) == {"step", "transaction", "gas_used"}
    assert set(data["balances"][0]) == {"role", "name", "address", "currency", "cash", "vouchers"}


@pytest.mark.slow
def test_the_books_close_at_zero(told):
    """All is paid, all is redeemed, the ledger is empty, every promise holds."""
    data, _ = told
    (receivable,) = data["receivables"]
    assert (receivable["status"], receivable["owed"]) == ("settled", "0.00")
    assert not any(voucher["alive"] for voucher in data["vouchers"])
    balances = {row["role"]: row for row in data["balances"]}
    assert balances["ledger"]["cash"] == balances["buyer"]["cash"] == "0.00"
    assert all(row["vouchers"] in {"0.00", None} for row in balances.values())
    redeemed = sum(Money.parse(v["redeemed"], "EUR").units for v in data["vouchers"])
    assert redeemed == Money.parse(data["invoice"]["payable_amount"], "EUR").units
    cash = sum(Money.parse(row["cash"], "EUR").units for row in balances.values())
    price = Money.parse(balances["tier 3"]["cash"], "EUR").units - sum(
        Money.parse(v["redeemed"], "EUR").units
        for v in data["vouchers"]
        if v["holder"] == balances["tier 3"]["address"]
    )
    assert cash == redeemed + price
    assert data["invariants"]["holds"] is True


@pytest.mark.slow
def test_the_lineage_is_that_of_the_story(told):
    """Buyer, tier 1, tier 2, tier 3, bank: each voucher from the one before."""
    data, _ = told
    address = {row["role"]: row["address"] for row in data["balances"]}
    holders = [voucher["holder"] for voucher in data["vouchers"]]
    assert holders == [address[role] for role in ("tier 1", "tier 2", "tier 3", "bank")]
    ids = [voucher["id"] for voucher in data["vouchers"]]
    assert [voucher["parent"] for voucher in data["vouchers"]] == [None, *ids[:-1]]
    assert data["receivables"][0]["obligor"] == address["buyer"]


@pytest.mark.slow
def test_what_has_to_be_refused_is_refused(told):
    """A stranger, a second issue, a frozen party."""
    data, _ = told
    assert [row["error"] for row in data["refusals"]] == [
        "PartyNotVerified",
        "AlreadyIssued",
        "PartyIsFrozen",
    ]


@pytest.mark.slow
def test_the_picture_is_written(told):
    """Where it was asked for."""
    data, folder = told
    assert data["svg"] == "lineage.svg"
    root = etree.parse(folder / "lineage.svg").getroot()
    assert "Aurora Motors AG" in "".join(root.itertext())


@pytest.mark.slow
def test_the_story_as_told(tmp_path):
    """Under 30 seconds, each step with its gas and its table, and where the picture is."""
    began = time.monotonic()
    done = demo(folder=tmp_path)
    assert time.monotonic() - began < 30
    assert done.returncode == 0, done.stderr
    for words in (
        "is verified",
        "issues receivable",
        "brings the signature",
        "has in vouchers",
        "4.80 %",
        "is not verified",
        "It is 2027-05-15 on the chain.",
        "The receivable is settled, 0 vouchers are left, and the ledger holds 0.00 EUR.",
        "└── ",
        "gas together",
        str(tmp_path / "duebill-demo.svg"),
    ):
        assert words in done.stdout
    assert (tmp_path / "duebill-demo.svg").is_file()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sample", "changes"),
    [
        ("machining-cny-cii", {}),
        ("semiconductors-usd-ubl", {}),
        ("brake-systems-eur-ubl", {"amount": ("1248310.00", "0.000101")}),
        ("brake-systems-eur-ubl", {"amount": ("1248310.00", "1208925819614629174.706175")}),
        (
            "brake-systems-eur-ubl",
            {"currency": ("EUR", "JPY"), "due": ("2027-05-15", "2090-01-01")},
        ),
        ("brake-systems-eur-ubl", {"due": ("2027-05-15", "2013-05-10")}),
    ],
)
def test_any_payable_invoice(tmp_path, sample, changes):
    """Every currency, tiny and huge amounts, no due date, one of long ago or of a far day."""
    invoice = read_invoice(changed(tmp_path, sample, changes))
    data = play(invoice).to_json()
    assert data["receivables"][0]["status"] == "settled"
    assert {row["cash"] for row in data["balances"] if row["role"] in {"buyer", "ledger"}} <= {
        "0.00",
        "0",
    }
    assert data["invariants"]["holds"] is True


@pytest.mark.slow
def test_a_users_own_invoice(tmp_path):
    """Names and amount are the invoice's, and markup in a name stays text."""
    name = {"name": ("Hallertau Bremssysteme GmbH", "[red]x[/red]")}
    done = demo("--invoice", changed(tmp_path, "brake-systems-eur-ubl", name), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "[red]x[/red] issues receivable" in done.stdout


@pytest.mark.parametrize(
    ("name", "kind"), [("credit-note-eur-ubl", "CreditNote"), ("none", "UnreadableInvoice")]
)
def test_invoices_that_are_not_payable(tmp_path, name, kind):
    """Refused before a chain is started."""
    path = tmp_path / "x.xml"
    if name in samples.names():
        path.write_bytes(samples.read(name))
    done = demo("--json", "--invoice", str(path), folder=tmp_path)
    assert done.returncode == 3
    assert json.loads(done.stderr)["error"]["type"] == kind
    assert done.stdout == ""


@given(
    units=st.integers(100, 2**80 - 1),
    days=st.integers(0, 65535),
    code=st.sampled_from(("EUR", "JPY", "KWD")),
)
@settings(max_examples=300)
def test_shares_add_up(units, days, code):
    """Whatever the face: each part is smaller than what it comes from, the price than its part."""
    face = Money(units, code)
    shares = share_out(face, owed_to_second=None)
    assert 0 < shares.sold.units < shares.third.units < shares.second.units < face.units
    assert 0 < shares.price(days).units <= shares.sold.units
    assert shares.price(0) == shares.sold
    assert all(m.units % shares.grain == 0 for m in (shares.second, shares.third, shares.sold))


def test_the_second_tier_gets_what_its_own_invoice_says():
    """If the face reaches, and the currency is the same."""
    face, owed = Money.parse("1248310.00", "EUR"), Money.parse("409590.00", "EUR")
    assert share_out(face, owed_to_second=owed).second == owed
    assert share_out(owed, owed_to_second=face).second < owed
    other = Money.parse("409590.00", "USD")
    assert share_out(face, owed_to_second=other).second.currency == "EUR"


def test_the_price_is_that_of_the_stated_rate():
    """98,301.60 for 180 days at 4.80 % ACT/360, rounded down to a cent."""
    face = Money.parse("1248310.00", "EUR")
    shares = share_out(face, owed_to_second=Money.parse("409590.00", "EUR"))
    assert shares.sold == Money.parse("98301.60", "EUR")
    assert shares.price(180) == Money.parse("95942.36", "EUR")


def test_too_little_to_share():
    """A few millionths cannot be divided among four."""
    with pytest.raises(TooSmallToShare):
        share_out(Money(99, "EUR"), owed_to_second=None)


@pytest.mark.parametrize(
    ("issued", "due", "begins", "ends", "remark"),
    [
        (date(2026, 1, 2), date(2026, 3, 4), date(2026, 1, 2), date(2026, 3, 4), ""),
        (date(2026, 1, 2), None, date(2026, 1, 2), date(2026, 4, 2), "no due date"),
        (date(2026, 1, 2), date(2025, 1, 1), date(2025, 1, 1), date(2025, 1, 1), "before"),
        (date(2026, 1, 2), date(2026, 1, 2), date(2026, 1, 2), date(2026, 1, 2), ""),
    ],
)
def test_the_days_of_the_story(issued, due, begins, ends, remark):
    """It begins when the invoice is issued and ends when it is due; what is assumed is said."""
    party = InvoiceParty(name="x")
    invoice = read_invoice(samples.read("brake-systems-eur-ubl"))
    invoice = Invoice(
        number="1",
        type_code="380",
        issue_date=issued,
        due_date=due,
        currency="EUR",
        payable_amount=invoice.payable_amount,
        seller=party,
        buyer=party,
        syntax="UBL",
        documents_hash=invoice.documents_hash,
    )
    found = calendar_of(invoice)
    assert (found.begin.date(), found.due) == (begins, ends)
    assert remark in found.remark
    assert bool(found.remark) == bool(remark)
