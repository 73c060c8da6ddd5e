"""The demo: its story on the real program, and the arithmetic behind it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import fields
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
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


def units(text):
    """An amount of the samples' currency, in millionths."""
    return Money.parse(text, "EUR").units


def cents(exact):
    """An exact amount in whole cents, rounded down, as text."""
    return f"{exact.quantize(Decimal('0.01'), ROUND_DOWN)}"


@pytest.fixture(scope="module")
def balances(told):
    """The balances at the end, by role."""
    return {row["role"]: row for row in told[0]["balances"]}


@pytest.mark.slow
def test_the_result_as_data(told):
    """One object with these keys, and nothing else on standard output."""
    data, _ = told
    assert list(data) == [
        "invoice",
        "receivables",
        "vouchers",
        "fills",
        "offers",
        "avals",
        "loans",
        "balances",
        "gas",
        "refusals",
        "invariants",
        "svg",
    ]
    assert set(data["gas"][0]) == {"step", "transaction", "gas_used"}
    columns = {"role", "name", "address", "currency", "brought_in", "cash", "vouchers"}
    assert all(set(row) == columns for row in data["balances"])
    counts = {name: len(data[name]) for name in ("fills", "offers", "avals", "loans")}
    assert counts == {"fills": 2, "offers": 1, "avals": 1, "loans": 1}


@pytest.mark.slow
def test_the_books_close_at_zero(told, balances):
    """All is paid, all is redeemed, no contract keeps anything, every promise holds."""
    data, _ = told
    states = [(found["status"], found["owed"]) for found in data["receivables"]]
    assert states == [("settled", "0.00")] * 2
    assert not any(voucher["alive"] for voucher in data["vouchers"])
    for contract in ("ledger", "exchange", "guarantee book", "pledge book"):
        assert (balances[contract]["cash"], balances[contract]["brought_in"]) == ("0.00", "0.00")
    assert all(row["vouchers"] == "0.00" for row in balances.values())
    for found in data["receivables"]:
        own = [v for v in data["vouchers"] if v["id"].startswith(found["id"])]
        assert sum(units(v["redeemed"]) for v in own) == units(found["face"])
    assert data["receivables"][0]["face"] == data["invoice"]["payable_amount"]
    assert data["invariants"]["holds"] is True
    numbers = [check["number"] for check in data["invariants"]["checks"]]
    assert numbers == [1, 2, 3, 6, 8, 9, 10, 12]


@pytest.mark.slow
def test_nobody_makes_or_loses_a_cent(balances):
    """What was brought in is what is there at the end."""
    rows = balances.values()
    assert sum(units(row["cash"]) for row in rows) == sum(units(row["brought_in"]) for row in rows)
    assert balances["buyer"]["brought_in"] == "1248310.00"


@pytest.mark.slow
def test_the_bids_price_is_that_of_its_rate(told):
    """98,301.60 for 180 days at a simple yield of 4.80 %, ACT/360, rounded down to a cent."""
    sold, resold = told[0]["fills"]
    exact = Decimal("98301.60") / (1 + Decimal("0.048") * 180 / 360)
    assert (sold["amount"], sold["price"], sold["left"]) == ("98301.60", cents(exact), "0.00")
    assert sold["price"] == "95997.65"
    assert (resold["amount"], resold["price"]) == ("66353.58", "65026.50")
    assert {fill["exchange_fee"] for fill in (sold, resold)} == {"0.00"}


@pytest.mark.slow
def test_what_everyone_has_follows_from_the_deals(told, balances):
    """Each party's cash, reckoned here from rates, days and shares alone."""
    daily = Decimal("0.06") / 360
    lent, repaid = Decimal("184315.50"), Decimal("92157.75")
    # Kept to the millionth and paid in cents: what is below a cent waits for the second half.
    early = lent * daily * 90
    late = repaid * daily * 90 + early - Decimal(cents(early))
    interest = Decimal(cents(early)) + Decimal(cents(late))
    bid, ask, fee = Decimal("95997.65"), Decimal("65026.50"), Decimal("884.71")
    debt = Decimal("110589.30")
    earned = {
        "buyer": -Decimal("1248310.00"),
        "tier 1": Decimal("838720.00"),
        "tier 2": Decimal("245754.00") - interest - debt,
        "tier 3": bid + Decimal("65534.40") - fee + ask + debt - Decimal("66353.58"),
        "bank": Decimal("98301.60") - bid + interest + Decimal("66353.58") - ask,
        "guarantor": fee,
    }
    assert sum(earned.values()) == 0
    for role, gain in earned.items():
        row = balances[role]
        assert Decimal(row["cash"]) - Decimal(row["brought_in"]) == gain, role
    (loan,) = told[0]["loans"]
    assert (loan["status"], loan["owed"], loan["terms"]["principal"]) == (
        "closed",
        "0.00",
        "184315.50",
    )


@pytest.mark.slow
def test_the_default_is_paid_by_the_guarantor(told, balances):
    """It pays its whole cap, margin first, is on no record of not paying, and has it all back."""
    data, _ = told
    (aval,) = data["avals"]
    assert (aval["terms"]["cap"], aval["terms"]["margin"]) == ("88471.44", "26541.43")
    assert (aval["called"], aval["left"], aval["margin"]) == ("88471.44", "0.00", "0.00")
    assert (aval["dishonoured"], aval["missed"]) == ("0.00", 0)
    debt = data["receivables"][1]
    assert (debt["advanced"], debt["paid"]) == ("88471.44", "110589.30")
    assert debt["obligor"] == balances["tier 2"]["address"]
    assert balances["guarantor"]["brought_in"] == "88471.44"


@pytest.mark.slow
def test_the_offer_is_accepted_as_payment(told, balances):
    """Tier 1 pays tier 2 with it, and says for which debt by a hash that tells nobody else."""
    (offer,) = told[0]["offers"]
    parties = (balances["tier 1"]["address"], balances["tier 2"]["address"])
    assert (offer["from"], offer["to"]) == parties
    assert (offer["status"], offer["value"]) == ("accepted", "409590.00")
    assert int(offer["reference_hash"], 16)


@pytest.mark.slow
def test_the_lineage_is_that_of_the_story(told, balances):
    """Each voucher from the one before; the pledge in the pledge book and a part of it back."""
    data, _ = told
    main, debt = (found["id"] for found in data["receivables"])
    names = {row["address"]: role for role, row in balances.items()}
    tree = {
        voucher["id"].split("/")[1]: (
            (voucher["parent"] or "/").split("/")[1],
            [names[holder] for holder in voucher["holders"]],
        )
        for voucher in data["vouchers"]
        if voucher["id"].startswith(main)
    }
    assert tree == {
        "1": ("", ["tier 1"]),
        "2": ("1", ["tier 2", "pledge book"]),
        "3": ("2", ["tier 3"]),
        "4": ("3", ["bank"]),
        "5": ("2", ["tier 2"]),
    }
    sold = next(v for v in data["vouchers"] if v["id"] == f"{debt}/2")
    assert [names[holder] for holder in sold["holders"]] == ["bank", "exchange", "tier 3"]


@pytest.mark.slow
def test_what_has_to_be_refused_is_refused(told):
    """A second financing, a stranger, a second issue and fill, a pledge, an early call, a frozen party."""
    data, _ = told
    assert [row["error"] for row in data["refusals"]] == [
        "InvoiceExceeded",
        "PartyNotVerified",
        "AlreadyIssued",
        "OrderClosed",
        "ERC721InsufficientApproval",
        "WrongStatus",
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
        "uses 1,248,310.00 EUR of it for receivable",
        "finances the same invoice a second time",
        "issues receivable",
        "brings the signature",
        "has in vouchers",
        "a simple yield of 4.80 % a year",
        "It travels as one line of text",
        "98,301.60 EUR, due in 180 days (ACT/360), for 95,997.65 EUR now, 2,303.95 EUR less.",
        "is not verified",
        "It is 2027-05-15 on the chain.",
        "has paid nothing: the receivable is overdue.",
        "The receivable on Aurora Motors AG is settled, and 0 vouchers are left.",
        "Pledge book: 0.00 EUR.",
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
    assert {found["status"] for found in data["receivables"]} == {"settled"}
    emptied = {"buyer", "ledger", "exchange", "guarantee book", "pledge book"}
    left = {row["cash"] for row in data["balances"] if row["role"] in emptied}
    assert left <= {"0.00", "0"}
    sums = [sum(Decimal(row[n]) for row in data["balances"]) for n in ("cash", "brought_in")]
    assert sums[0] == sums[1] > 0
    assert data["loans"][0]["owed"] in {"0.00", "0"}
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


@given(units=st.integers(100, 2**80 - 1), code=st.sampled_from(("EUR", "JPY", "KWD")))
@settings(max_examples=300)
def test_shares_add_up(units, code):
    """Whatever the face: each part is smaller than what it comes from, and in whole grains."""
    face = Money(units, code)
    shares = share_out(face, owed_to_second=None)
    assert 0 < shares.sold.units < shares.third.units < shares.second.units < face.units
    kept = shares.second - shares.third
    assert 0 < shares.repaid.units < shares.lent.units < kept.units
    assert 0 < shares.margin.units < shares.cap.units < shares.debt.units < kept.units
    assert 0 < shares.asked.units <= shares.resold.units < shares.debt.units
    assert shares.fee <= shares.cap
    amounts = (getattr(shares, item.name) for item in fields(shares))
    assert all(it.units % shares.grain == 0 for it in amounts if isinstance(it, Money))
    assert units % shares.grain == 0
    assert shares.grain == 10 ** (6 - shares.decimals)


@pytest.mark.parametrize(
    ("amount", "code", "grain"),
    [
        ("9.99", "EUR", 1),
        ("10.00", "EUR", 10_000),
        ("10.001", "EUR", 1),
        ("1000", "JPY", 1_000_000),
        ("1.000", "KWD", 1_000),
    ],
)
def test_amounts_are_in_the_minor_unit_if_the_face_is(amount, code, grain):
    """Cents, yen, fils; millionths when there are few of them or the face has more decimals."""
    assert share_out(Money.parse(amount, code), owed_to_second=None).grain == grain


def test_the_second_tier_gets_what_its_own_invoice_says():
    """If the face reaches, and the currency is the same."""
    face, owed = Money.parse("1248310.00", "EUR"), Money.parse("409590.00", "EUR")
    assert share_out(face, owed_to_second=owed).second == owed
    assert share_out(owed, owed_to_second=face).second < owed
    other = Money.parse("409590.00", "USD")
    assert share_out(face, owed_to_second=other).second.currency == "EUR"


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
        (date(2026, 1, 2), date(2027, 1, 2), date(2026, 1, 2), date(2027, 1, 2), ""),
        (date(2026, 1, 2), date(2028, 1, 2), date(2027, 1, 2), date(2028, 1, 2), "365 days before"),
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
    moments = (found.begin, found.midway, found.payday, found.overdue, found.late)
    assert sorted(moments) == list(moments)
    # The fifth day of grace is over.
    assert found.overdue.date() - found.due == timedelta(days=6)
    assert found.overdue < found.covered_until
