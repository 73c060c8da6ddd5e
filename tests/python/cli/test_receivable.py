"""`duebill receivable`: from an invoice to a payment, and what is refused on the way."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest

from duebill import samples
from duebill.documents import documents_root, reference_hash
from duebill.errors import NodeUnavailable, TransactionTimeout
from duebill.node_accounts import ADDRESSES

BUYER, SUPPLIER = "dev1", "dev2"
KEYS = {"simulated", "transaction", "block", "gas_used", "fee"}


@pytest.fixture
def invoice(tmp_path):
    """The path of a sample."""

    def write(name="brake-systems-eur-ubl"):
        path = tmp_path / f"{name}.xml"
        path.write_bytes(samples.read(name))
        return str(path)

    return write


@pytest.fixture
def issue(on_chain, invoice):
    """Issues a receivable and gives what was told about it."""

    def run(*words, name="brake-systems-eur-ubl", account=SUPPLIER, to=("--buyer", BUYER)):
        given = ("--invoice", invoice(name), *to, "--account", account, *words)
        return on_chain.data("receivable", "issue", *given)

    return run


def test_issue(on_chain, issue):
    """Amount, currency and due date are the invoice's; it waits for the buyer."""
    told = issue()
    assert set(told) == {"receivable", "voucher", "accepted", "terms", "dossier"} | KEYS
    assert told["voucher"] == told["receivable"] + "/1"
    assert told["accepted"] is False
    shown = on_chain.data("receivable", "show", told["receivable"])
    assert shown["status"] == "issued"
    assert (shown["face"], shown["currency"]) == ("1248310.00", "EUR")
    assert shown["due_date"] == "2027-05-15"
    assert (shown["obligor"], shown["creditor"]) == (ADDRESSES[1], ADDRESSES[2])


def test_issue_by_the_buyer(on_chain, issue):
    """It is accepted at once."""
    told = issue(account=BUYER, to=("--supplier", SUPPLIER))
    assert told["accepted"] is True
    assert on_chain.data("receivable", "show", told["receivable"])["status"] == "accepted"


def test_the_dossier(on_chain, issue):
    """Its owner's alone; with it, and only with it, the chain's hashes can be checked."""
    told = issue()
    path = on_chain.home / "documents" / f"{told['receivable']}.json"
    assert told["dossier"] == str(path)
    assert path.stat().st_mode & 0o777 == 0o600
    kept = json.loads(path.read_text())
    assert kept["receivable"] == told["receivable"]
    salt, key = (bytes.fromhex(kept[name][2:]) for name in ("documents_salt", "key"))
    root = documents_root(kept["documents_hash"], salt=salt)
    assert root == kept["terms"]["documents_root"] == told["terms"]["documents_root"]
    reference = reference_hash(kept["invoice"]["number"], key=key)
    assert reference == told["terms"]["reference_hash"]


def test_54_the_dossiers_secrets_are_not_printed(on_chain, invoice):
    """THREATS 54: its path is, and nothing of what makes the hashes unguessable."""
    words = ("--invoice", invoice(), "--buyer", BUYER, "--account", SUPPLIER)
    result = on_chain.run("receivable", "issue", *words)
    (path,) = (on_chain.home / "documents").iterdir()
    kept = json.loads(path.read_text())
    assert str(path) in result.stdout
    for name in ("key", "documents_salt"):
        assert kept[name][2:] not in result.stdout + result.stderr


def test_a_dry_run_leaves_nothing_behind(on_chain, issue):
    """Neither on the chain nor on the disk."""
    told = issue("--dry-run")
    assert told["simulated"] is True
    assert told["transaction"] is None
    assert told["dossier"] is None
    assert on_chain.data("receivable", "list") == []
    assert not (on_chain.home / "documents").exists()


def test_a_refused_issue_leaves_nothing_behind(on_chain, invoice):
    """The stranger is not verified: no receivable, no dossier."""
    words = ("--invoice", invoice(), "--buyer", "dev6", "--account", SUPPLIER)
    error = on_chain.error("receivable", "issue", *words, code=1)
    assert (error["type"], error["party"]) == ("PartyNotVerified", ADDRESSES[6])
    assert on_chain.data("receivable", "list") == []
    assert list((on_chain.home / "documents").iterdir()) == []


def test_45_a_dossier_outlives_a_time_out(on_chain, invoice, monkeypatch):
    """THREATS 45: it may be on the chain, so what belongs to it is kept."""

    def wait(self, **_):
        raise TransactionTimeout(self.hash, seconds=1)

    monkeypatch.setattr("duebill.chain._transaction.Sent.wait", wait)
    words = ("--invoice", invoice(), "--buyer", BUYER, "--account", SUPPLIER)
    result = on_chain.run("receivable", "issue", *words)
    assert result.exit_code == 4
    (path,) = (on_chain.home / "documents").iterdir()
    monkeypatch.undo()
    on_chain.data("receivable", "show", path.stem, **on_chain.env)


def test_45_a_dossier_outlives_a_node_that_goes_away(on_chain, invoice, monkeypatch):
    """THREATS 45: sent, and no answer ever came: it is kept."""

    def wait(*_, **__):
        raise NodeUnavailable("http://127.0.0.1", reason="no connection")

    monkeypatch.setattr("duebill.chain._transaction.Sent.wait", wait)
    words = ("--invoice", invoice(), "--buyer", BUYER, "--account", SUPPLIER)
    assert on_chain.run("receivable", "issue", *words).exit_code == 4
    assert len(list((on_chain.home / "documents").iterdir())) == 1


def test_a_missing_due_date_has_to_be_given(on_chain, invoice, issue):
    """It is asked for, not invented."""
    name = "semiconductors-usd-ubl"
    words = ("--invoice", invoice(name), "--buyer", BUYER, "--account", SUPPLIER)
    error = on_chain.error("receivable", "issue", *words, code=2)
    assert error["type"] == "DueDateMissing"
    assert "--due" in error["hint"]
    told = issue("--due", "2027-02-01", name=name)
    assert told["terms"]["due_date"] == "2027-02-01"


def test_a_currency_of_two_decimals(issue):
    """The exact amount, whatever the token's decimals."""
    told = issue(name="machining-cny-cii")
    assert told["terms"]["face"] == {"amount": "1100620.00", "currency": "CNY"}


def test_bad_invoices_are_bad_files(on_chain, invoice):
    """With the reader's own reason, before anything is asked of the chain."""
    words = ("--buyer", BUYER, "--account", SUPPLIER)
    note = invoice("credit-note-eur-ubl")
    error = on_chain.error("receivable", "issue", "--invoice", note, *words, code=3)
    assert error["type"] == "CreditNote"
    error = on_chain.error("receivable", "issue", "--invoice", "none.xml", *words, code=3)
    assert error["type"] == "UnreadableInvoice"


def test_an_unknown_programme(on_chain, invoice):
    """By number; without a number the only open one is taken."""
    words = ("--invoice", invoice(), "--buyer", BUYER, "-a", SUPPLIER, "--programme", "9")
    assert on_chain.error("receivable", "issue", *words, code=1)["type"] == "ProgrammeUnknown"


def test_two_programmes_and_none_named(on_chain, invoice):
    """Then it has to be said which; one with a gate is never taken by itself."""
    assert on_chain.data("programme", "create", "-a", "dev0")["programme"] == 3
    words = ("--invoice", invoice(), "--buyer", BUYER, "-a", SUPPLIER)
    error = on_chain.error("receivable", "issue", *words, code=2)
    assert (error["type"], error["open"]) == ("ProgrammeNotNamed", [1, 2, 3])
    on_chain.data("receivable", "issue", *words, "--programme", "3")


def test_accept(on_chain, issue):
    """By the buyer's own transaction."""
    id_ = issue()["receivable"]
    told = on_chain.data("receivable", "accept", id_[:8], "-a", BUYER)
    assert set(told) == {"receivable"} | KEYS
    assert on_chain.data("receivable", "show", id_)["status"] == "accepted"


def test_accept_by_someone_else(on_chain, issue):
    """Only the buyer's own act binds the buyer."""
    id_ = issue()["receivable"]
    error = on_chain.error("receivable", "accept", id_, "-a", SUPPLIER, code=1)
    assert error["type"] == "CallerNotEntitled"


def test_accept_by_signature(on_chain, issue, tmp_path):
    """The buyer signs a file, the supplier brings it."""
    id_, file = issue()["receivable"], tmp_path / "signed.json"
    on_chain.ok("receivable", "sign", id_[:8], "-a", BUYER, "--out", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    on_chain.data("receivable", "accept", "--signature", str(file), "-a", SUPPLIER)
    assert on_chain.data("receivable", "show", id_)["status"] == "accepted"


def test_a_signed_acceptance_goes_to_standard_output(on_chain, issue, tmp_path):
    """Without --out, and it is the same file."""
    id_, file = issue()["receivable"], tmp_path / "signed.json"
    file.write_text(on_chain.ok("receivable", "sign", id_, "-a", BUYER))
    on_chain.data("receivable", "accept", "--signature", str(file), "-a", "dev5")


def test_55_what_is_signed_is_shown_in_words(on_chain, issue):
    """THREATS 55: amount, creditor, due date, ledger, chain, before anything is signed."""
    id_ = issue()["receivable"]
    words = on_chain.run("receivable", "sign", id_, "-a", BUYER).stderr
    for part in (ADDRESSES[1], ADDRESSES[2], "1248310.00 EUR", "2027-05-15", "31337", id_):
        assert part in words


def test_18_a_signature_is_not_overwritten_nor_foreign(on_chain, issue, tmp_path):
    """THREATS 18: a signature for another ledger is refused before it is sent."""
    id_, file = issue()["receivable"], tmp_path / "signed.json"
    on_chain.ok("receivable", "sign", id_, "-a", BUYER, "--out", str(file))
    again = ("receivable", "sign", id_, "-a", BUYER, "--out", str(file))
    assert on_chain.error(*again, code=3)["type"] == "FileNotWritten"
    data = json.loads(file.read_text())
    for key in ("chain_id", "ledger"):
        changed = {**data, key: 1 if key == "chain_id" else ADDRESSES[9]}
        file.write_text(json.dumps(changed))
        words = ("receivable", "accept", "--signature", str(file), "-a", SUPPLIER)
        assert on_chain.error(*words, code=3)["type"] == "AcceptanceForeign"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "null", "[" * 100_000, "x" * 200_000])
def test_files_that_are_no_acceptance(on_chain, tmp_path, content):
    """Refused as files, whatever they hold."""
    file = tmp_path / "signed.json"
    file.write_text(content)
    words = ("receivable", "accept", "--signature", str(file), "-a", SUPPLIER)
    assert on_chain.error(*words, code=3)["type"] in {"FileRefused", "BadAcceptance"}


def test_a_tampered_acceptance(on_chain, issue, tmp_path):
    """The signature is for other terms."""
    id_, file = issue()["receivable"], tmp_path / "signed.json"
    data = on_chain.data("receivable", "sign", id_, "-a", BUYER)
    data["terms"]["face"]["amount"] = "1.00"
    file.write_text(json.dumps(data))
    words = ("receivable", "accept", "--signature", str(file), "-a", SUPPLIER)
    assert on_chain.run(*words).exit_code in {1, 3}
    assert on_chain.data("receivable", "show", id_)["status"] == "issued"


def test_reject_and_cancel(on_chain, issue):
    """The buyer refuses, the supplier withdraws; both are final."""
    first, second = issue()["receivable"], issue()["receivable"]
    told = on_chain.data("receivable", "reject", first, "--reason", "not delivered", "-a", BUYER)
    assert re.fullmatch("0x[0-9a-f]{64}", told["reason"])
    on_chain.data("receivable", "cancel", second, "-a", SUPPLIER)
    for id_ in (first, second):
        assert on_chain.data("receivable", "show", id_)["status"] == "cancelled"
        error = on_chain.error("receivable", "accept", id_, "-a", BUYER, code=1)
        assert (error["type"], error["status"]) == ("WrongStatus", "cancelled")


def test_pay(on_chain, issue):
    """A part, then the rest; more than is owed is never taken."""
    id_ = issue(account=BUYER, to=("--supplier", SUPPLIER))["receivable"]
    told = on_chain.data("receivable", "pay", id_, "--amount", "0.01", "-a", BUYER)
    assert set(told) == {"receivable", "amount", "currency"} | KEYS
    assert (told["amount"], told["currency"]) == ("0.01", "EUR")
    assert on_chain.data("receivable", "pay", id_, "-a", BUYER)["amount"] == "1248309.99"
    shown = on_chain.data("receivable", "show", id_)
    assert (shown["status"], shown["owed"]) == ("settled", "0.00")
    error = on_chain.error("receivable", "pay", id_, "--amount", "1", "-a", BUYER, code=1)
    assert error["type"] == "NothingOwed"


@pytest.mark.parametrize(
    "amount", ["1e3", "NaN", "-1", "1,000", "0x10", "1.0000001", " 1", "", "\u0661"]
)
def test_56_amounts_that_are_no_plain_decimals(on_chain, issue, amount):
    """THREATS 56: refused before anything is signed."""
    id_ = issue(account=BUYER, to=("--supplier", SUPPLIER))["receivable"]
    words = ("receivable", "pay", id_, f"--amount={amount}", "-a", BUYER)
    assert on_chain.error(*words, code=2)["type"].startswith("Amount")


def test_attest_is_for_paying_agents(on_chain, issue):
    """This currency has none: it is paid on the chain."""
    id_ = issue(account=BUYER, to=("--supplier", SUPPLIER))["receivable"]
    words = ("receivable", "attest", id_, "--amount", "1", "--evidence", "statement 7")
    assert on_chain.error(*words, "-a", BUYER, code=1)["type"] == "NotPayingAgent"


def test_list(on_chain, issue):
    """Everything, or what fits all that is asked."""
    first = issue()["receivable"]
    second = issue(account=BUYER, to=("--supplier", "dev3"))["receivable"]

    def ids(*words):
        return [row["id"] for row in on_chain.data("receivable", "list", *words)]

    assert ids() == [first, second]
    assert ids("--status", "issued") == [first]
    assert ids("--creditor", "dev3") == [second]
    assert ids("--obligor", BUYER, "--creditor", SUPPLIER) == [first]
    assert ids("--obligor", "dev5") == []
    assert "There are none" in on_chain.ok("receivable", "list", "--obligor", "dev5")


def test_ids_by_their_first_characters(on_chain, issue):
    """As with git: ambiguous ones name the candidates."""
    ids = sorted(issue()["receivable"] for _ in range(17))
    pair = next((a, b) for a, b in pairwise(ids) if a[0] == b[0])
    error = on_chain.error("receivable", "show", pair[0][0], code=2)
    assert error["type"] == "Ambiguous"
    assert set(pair) <= set(error["matches"])
    assert on_chain.data("receivable", "show", pair[0][:20])["id"] == pair[0]


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [("ffffffff", "NotFound", 1), ("xyz", "BadId", 2), ("", "BadId", 2), ("../x", "BadId", 2)],
)
def test_ids_that_are_none(on_chain, text, kind, code):
    """Unknown is refused, malformed is a mistake in the command."""
    assert on_chain.error("receivable", "show", text, code=code)["type"] == kind


def test_a_guarantor_advances_what_holders_lack(on_chain, scene):
    """A part, and then all that is left; the chain keeps what each may be given back."""
    id_ = scene.accepted()
    scene.pay(id_, "250.00")
    tried = on_chain.data("receivable", "advance", id_, "-a", "dev5", "--dry-run")
    assert (tried["simulated"], tried["amount"]) == (True, "750.00")
    first = on_chain.data("receivable", "advance", id_, "--amount", "50.00", "-a", "dev5")
    assert (first["receivable"], first["amount"], first["currency"]) == (id_, "50.00", "EUR")
    on_chain.data("receivable", "advance", id_, "-a", "dev5")
    assert [it.amount.text for it in scene.ledger.advances(id_)] == ["50.00", "700.00"]
    assert on_chain.error("receivable", "advance", id_, "-a", "dev5", code=1)
