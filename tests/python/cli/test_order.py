"""`duebill order`, `offer` and `recourse`."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from duebill import samples
from duebill.node_accounts import ADDRESSES

BUYER, SUPPLIER, SECOND, BANK = "dev1", "dev2", "dev3", "dev4"
KEYS = {"simulated", "transaction", "block", "gas_used", "fee"}


@pytest.fixture
def first(on_chain, tmp_path):
    """The first voucher of an accepted receivable of 1,248,310.00 EUR."""
    path = tmp_path / "invoice.xml"
    path.write_bytes(samples.read("brake-systems-eur-ubl"))
    words = ("--invoice", str(path), "--supplier", SUPPLIER, "-a", BUYER)
    return on_chain.data("receivable", "issue", *words)["voucher"]


@pytest.fixture
def bid(on_chain, first):  # noqa: ARG001 - there has to be something to buy
    """The bank's bid for what the buyer owes, as it stands in a mail."""
    words = ("--obligor", BUYER, "--amount", "500000", "--currency", "EUR", "--rate", "5.25")
    return on_chain.ok("order", "bid", *words, "--least", "1000", "-a", BANK).strip()


# -- orders -----------------------------------------------------------------------------------


def test_the_erp_clerk_sells_to_a_bid_from_a_mail(on_chain, first, bid):
    """Looked at, checked, tried out, filled: nothing but the line is needed."""
    assert bid.startswith("duebill-order-1:")
    shown = on_chain.ok("order", "show", bid, "--voucher", first)
    assert "up to 500,000.00 EUR of what is still to be redeemed" in shown
    assert "5.25 % a year" in shown
    assert "Seller gets in all" in shown
    assert f"that of {BANK}" in shown
    assert "nothing stands" in on_chain.ok("order", "check", bid, "--filler", SUPPLIER).lower()
    words = ("order", "fill", bid, "--value", "200000", "-a", SUPPLIER)
    quoted = on_chain.data("order", "show", bid, "--voucher", first, "--value", "200000")["quote"]
    tried = on_chain.ok(*words, "--dry-run")
    assert "would go through: Sold 200,000.00 EUR for" in tried
    sold = on_chain.data(*words)
    names = {"order", "voucher", "amount", "price", "exchange_fee", "currency", "proceeds"}
    assert set(sold) == names | KEYS
    assert (sold["amount"], sold["proceeds"]) == ("200000.00", quoted["total"])
    assert on_chain.data("voucher", "show", sold["voucher"])["holder"] == ADDRESSES[4]
    assert on_chain.data("order", "show", bid)["left"] == "300000.00"


def test_fill_shows_what_is_signed_and_what_it_comes_to(on_chain, first, bid):
    """The order's own words, and the quote."""
    told = on_chain.run("order", "fill", bid, "-a", SUPPLIER)
    assert told.exit_code == 0
    for words in ("buy any vouchers of obligor", f"I sell this to {BANK}", "That is a year"):
        assert words in told.stderr
    assert first.split("/")[0] in told.stderr


def test_an_order_is_a_file_a_line_or_comes_on_standard_input(on_chain, first, tmp_path):
    """What --out writes, what is printed and what --json prints are all read back."""
    path = tmp_path / "ask.json"
    words = ("order", "ask", first, "--price", "1200000", "-a", SUPPLIER)
    on_chain.ok(*words, "--out", str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    error = on_chain.error(*words, "--out", str(path), code=3)
    assert error["type"] == "FileNotWritten"
    line, data = on_chain.ok(*words), on_chain.ok(*words, "--json")
    for source, typed in ((str(path), None), (line, None), ("-", line), ("-", data)):
        shown = on_chain.data("order", "show", source, typed=typed)
        assert shown["left"] == "1248310.00"
        assert shown["quote"]["total"] == "1200000.00"
    error = on_chain.error("order", "fill", "-", "-a", BANK, typed=line, code=2)
    assert "--yes" in error["message"]
    bought = on_chain.data("order", "fill", "-", "--yes", "-a", BANK, typed=line)
    assert (bought["cost"], bought["voucher"]) == ("1200000.00", first)


def test_a_buyer_takes_back_what_it_owes_at_a_discount(on_chain, first, tmp_path):
    """Dynamic discounting: the supplier has its cash early, the buyer owes less."""
    path = tmp_path / "ask.json"
    words = ("order", "ask", first, "--value", "248310", "--rate", "3", "-a", SUPPLIER)
    on_chain.ok(*words, "--out", str(path))
    bought = on_chain.data("order", "fill", str(path), "-a", BUYER)
    assert Decimal(bought["cost"]) < Decimal(248310)

    error = on_chain.error("voucher", "extinguish", first, "-a", SUPPLIER, code=1)
    assert error["type"] == "CallerNotEntitled"
    told = on_chain.data("voucher", "extinguish", bought["voucher"], "-a", BUYER)

    assert (told["value"], told["currency"]) == ("248310.00", "EUR")
    left = on_chain.data("receivable", "show", first.split("/")[0])
    assert left["owed"] == "1000000.00"


def test_a_signature_that_is_not_the_makers_is_said(on_chain, bid):
    """Shown all the same: only the chain can ask a contract."""
    data = on_chain.data("order", "show", bid)
    assert data["signed_by"] == ADDRESSES[4]
    data["order"]["signature"] = "0x" + "11" * 65
    changed = json.dumps(data["order"])
    assert on_chain.data("order", "show", changed)["signed_by"] is None
    assert "no account that it names" in on_chain.ok("order", "show", changed)


@pytest.mark.parametrize(
    ("source", "type_"),
    [
        ("duebill-order-1:abc", "BadSignedTerms"),
        ("duebill-aval-1:e30", "BadSignedTerms"),
        ("{}", "BadSignedTerms"),
        ("none.json", "FileRefused"),
        ("bytes", "FileRefused"),
        ("large", "FileRefused"),
    ],
)
def test_what_is_no_order(on_chain, tmp_path, source, type_):
    """Exit code 3, whatever is wrong with it."""
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\xff")
    (tmp_path / "large").write_bytes(b"x" * 100_001)
    assert on_chain.error("order", "show", source, code=3)["type"] == type_


def test_a_dry_run_signs_nothing(on_chain, first):
    """Neither the order nor the approval; the words are those that would be signed."""
    words = ("order", "ask", first, "--rate", "6", "--yield", "--day-count", "ACT/365F")
    told = on_chain.data(*words, "--recourse", "full", "--dry-run", "-a", SUPPLIER)
    assert set(told) == {"would_sign", "terms"}
    assert (told["terms"]["quotation"], told["terms"]["recourse"]) == ("yield", "1248310.00")
    text = on_chain.ok(*words, "--dry-run", "-a", SUPPLIER)
    assert f"sell voucher {first}" in text
    words = ("--receivable", first.split("/")[0][:12], "--amount", "10", "--price", "9.99")
    told = on_chain.data("order", "bid", *words, "--dry-run", "-a", BANK)
    assert told["terms"]["subject"] == first.split("/")[0]


def test_check_says_what_to_do(on_chain, first, bid):
    """Each problem with its advice; the exit code tells scripts."""
    on_chain.ok("order", "allow", "0", "EUR", "-a", BANK)
    result = on_chain.run("order", "check", bid, "--voucher", first)
    assert result.exit_code == 1
    assert "duebill order allow" in result.stdout
    result = on_chain.run("order", "check", bid, "--voucher", first, "--json")
    (problem,) = json.loads(result.stdout)["problems"]
    assert (problem["type"], result.exit_code) == ("CashNotAllowed", 1)
    error = on_chain.error("order", "fill", bid, "-a", SUPPLIER, code=1)
    assert error["type"] == "CashNotAllowed"
    told = on_chain.data("order", "allow", "500000", "EUR", "-a", BANK)
    assert (told["amount"], told["currency"]) == ("500000.00", "EUR")
    assert on_chain.data("order", "check", bid, "--voucher", first)["problems"] == []


def test_a_limit_is_kept(on_chain, bid):
    """The worst price that the filler takes, fee included."""
    words = ("order", "fill", bid, "--value", "200000", "--limit", "200000", "-a", SUPPLIER)
    assert on_chain.error(*words, code=1)["type"] == "PriceWorseThanLimit"


def test_which_voucher_is_found_or_asked_for(on_chain, first, bid):
    """One that fits is taken; none or several are said."""
    error = on_chain.error("order", "fill", bid, "-a", SECOND, code=2)
    assert "no voucher" in error["message"]
    on_chain.ok("voucher", "split", first, f"{SUPPLIER}=5000", "-a", SUPPLIER)
    error = on_chain.error("order", "fill", bid, "-a", SUPPLIER, code=2)
    assert "5,000.00 EUR" in error["message"]
    part = first.replace("/1", "/2")
    assert on_chain.data("order", "fill", bid, "--voucher", part, "-a", SUPPLIER)["amount"] == (
        "5000.00"
    )


def test_cancel(on_chain, first, bid, ledger):
    """One order, one number, or all before a time; and only one's own."""
    too_large = ("--number", str(2**256))
    for words in ((), (bid, "--number", "1"), too_large, ("--number", "-1")):
        on_chain.error("order", "cancel", *words, "-a", BANK, code=2)
    assert on_chain.error("order", "cancel", bid, "-a", SUPPLIER, code=1)["type"] == (
        "SignerNotNamed"
    )
    number = on_chain.data("order", "show", bid)["order"]["terms"]["nonce"]
    assert on_chain.data("order", "cancel", bid, "-a", BANK)["number"] == number
    assert on_chain.data("order", "show", bid)["left"] == "0.00"
    assert on_chain.data("order", "cancel", "--number", "7", "-a", BANK)["number"] == "7"
    ask = on_chain.ok("order", "ask", first, "--price", "1", "--number", "8", "-a", SUPPLIER)
    when = (ledger.time() + timedelta(days=1)).isoformat()
    on_chain.ok("order", "cancel", "--before", when, "-a", SUPPLIER)
    assert on_chain.run("order", "check", ask).exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "ID"),
        ("ask", "ID", "--price", "1", "--rate", "1"),
        ("ask", "ID", "--rate", "5.12345"),
        ("ask", "ID", "--price", "1e3"),
        ("bid", "--rate", "5"),
        ("bid", "--voucher", "ID", "--programme", "1", "--rate", "5"),
        ("bid", "--obligor", BUYER, "--rate", "5"),
        ("bid", "--obligor", BUYER, "--amount", "10", "--rate", "5"),
    ],
)
def test_orders_that_are_none(on_chain, first, words):
    """Exit code 2: it is the command that has to change."""
    given = [first if word == "ID" else word for word in words]
    on_chain.error("order", *given, "-a", BANK, code=2)


# -- offers and recourse ----------------------------------------------------------------------


def test_the_erp_clerk_pays_its_own_supplier(on_chain, first, tmp_path):
    """An offer under a reference, which the recipient compares and accepts."""
    words = ("offer", "make", first, SECOND, "--value", "5000", "--debt", "INV-7")
    assert on_chain.data(*words, "--dry-run", "-a", SUPPLIER)["dossier"] is None
    made = on_chain.data(*words, "-a", SUPPLIER)
    (listed,) = on_chain.data("offer", "list", "--to", SECOND, "--status", "open")
    assert {name: made[name] for name in listed} == listed
    assert "5,000.00 EUR" in on_chain.ok("offer", "list")
    assert on_chain.ok("offer", "list", "--giver", BANK) == "There are none.\n"

    wrong = tmp_path / "wrong.json"
    for content in ("[]", '{"reference": "INV-8", "key": "0x%s"}' % ("11" * 32)):
        wrong.write_text(content)
        words = ("offer", "accept", made["id"][:8], "--dossier", str(wrong), "-a", SECOND)
        assert on_chain.error(*words, code=3)["type"] == "FileRefused"
    words = ("offer", "accept", made["id"][:8], "--dossier", made["dossier"], "-a", SECOND)
    assert (
        "as payment of INV-7"
        in on_chain.run(*words, "--dry-run").stdout + (taken := on_chain.run(*words)).stderr
    )
    assert taken.exit_code == 0
    held = on_chain.data("voucher", "list", "--holder", SECOND)
    assert [(it["value"], it["holder"]) for it in held] == [("5000.00", ADDRESSES[3])]
    error = on_chain.error("offer", "withdraw", made["id"], "-a", SUPPLIER, code=1)
    assert error["type"] == "OfferNotOpen"


def test_offers_are_refused_or_taken_back(on_chain, first):
    """By the one who may, once."""
    ids = [
        on_chain.data("offer", "make", first, SECOND, "--value", value, "-a", SUPPLIER)["id"]
        for value in ("10", "20")
    ]
    told = on_chain.data("offer", "reject", ids[0], "--reason", "not agreed", "-a", SECOND)
    assert set(told) == {"offer", "reason"} | KEYS
    assert on_chain.data("offer", "withdraw", ids[1], "-a", SUPPLIER)["offer"] == ids[1]
    statuses = [it["status"] for it in on_chain.data("offer", "list")]
    assert statuses == ["rejected", "withdrawn"]
    assert on_chain.error("offer", "accept", "0x00", "-a", SECOND, code=1)["type"] == "NotFound"


def test_recourse(on_chain, first, anvil):
    """Shown, asked for in vain and with success, and given up."""
    words = ("order", "ask", first, "--price", "1200000", "--recourse", "full", "-a", SUPPLIER)
    on_chain.ok("order", "fill", on_chain.ok(*words), "-a", BANK)
    (answers,) = on_chain.data("recourse", "show", first)
    assert answers == {
        "seller": ADDRESSES[2],
        "amount": "1248310.00",
        "currency": "EUR",
        "dishonoured": False,
    }
    anvil.travel(days=300)
    told = on_chain.data("recourse", "exercise", first, "-a", BANK)
    assert (told["honoured"], told["amount"]) == (False, "1248310.00")
    assert "did not pay" in on_chain.ok("recourse", "show", first)
    on_chain.ok("order", "allow", "1248310", "EUR", "-a", SUPPLIER)
    assert on_chain.ok("recourse", "exercise", first, "-a", BANK).startswith("The seller paid")
    assert on_chain.ok("recourse", "show", first) == "Nobody answers for it.\n"
    error = on_chain.error("recourse", "waive", first, "-a", SUPPLIER, code=1)
    assert error["type"] == "NoRecourse"
