"""Prepared on one machine, signed on another without a network, sent from a third."""

from __future__ import annotations

import contextlib
import re
import socket
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from eth_abi.abi import encode
from hypothesis import given, settings
from hypothesis import strategies as st
from vectors import CARRYING

from duebill._abi import keccak, ledger_abi, signature, token_abi, types
from duebill._calls import MANAGER, TOKEN, _functions, read_call
from duebill._contracts import ARTIFACTS
from duebill._transactions import UnsignedTransaction
from duebill.errors import (
    BadPrepared,
    CallUnreadable,
    KeyElsewhere,
    SignedDiffers,
    SignerNotNamed,
    StillUnsigned,
    TooLargeForCode,
)
from duebill.model import Money
from duebill.offline import PreparedTransaction, Words, qr
from duebill.signing import AbsentSigner

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def prepared(scene):
    """A split that the supplier is to sign."""
    receivable = scene.accepted()
    supplier = scene.ledger.supplier(AbsentSigner(scene.signers.supplier.address))
    parts = {scene.signers.financier.address: "400.00"}
    held = supplier.prepare.split(receivable.voucher(1), parts)
    return PreparedTransaction.of(held, ledger=scene.ledger)


@pytest.fixture
def facts(deployed):
    """The words of a transaction, as one text."""

    def made(transaction, book=deployed):
        return "\n".join(f"{n}: {v}" for n, v in Words(transaction, book=book, name=str).facts())

    return made


@contextlib.contextmanager
def no_network(monkeypatch):
    """Whoever opens a socket, or asks for an address, fails."""

    def refused(*_args, **_options):
        raise AssertionError("the network was used")

    with monkeypatch.context() as patch:
        for name in ("socket", "create_connection", "getaddrinfo", "socketpair"):
            patch.setattr(socket, name, refused)
        yield


# -- the way ----------------------------------------------------------------------------------


def test_a_prepared_transaction_is_signed_and_sent_once(prepared, scene):
    """Sent twice, it takes effect once; its reference in the journal is done."""
    signed = prepared.sign(scene.signers.supplier)
    first = scene.ledger.send_prepared(signed)
    outcome = first.wait()
    assert (first.hash, outcome.transaction) == (signed.hash, signed.hash)
    assert scene.ledger.send_prepared(signed).wait().transaction == signed.hash
    (receivable,) = {terms.id for terms in prepared.terms}
    parts = scene.ledger.vouchers(holder=scene.signers.financier.address, receivable=receivable)
    assert [it.value for it in parts] == [Money.parse("400.00", "EUR")]


def test_nothing_is_sent_before_it_is_signed(prepared, scene):
    with pytest.raises(StillUnsigned):
        scene.ledger.send_prepared(prepared)
    assert prepared.raw is None
    assert prepared.hash is None


def test_an_account_without_its_key_signs_nothing(prepared, scene):
    with pytest.raises(KeyElsewhere):
        prepared.sign(AbsentSigner(prepared.sender))
    with pytest.raises(SignerNotNamed):
        prepared.sign(scene.signers.financier)


def test_another_transaction_under_the_reference_is_refused(prepared, scene):
    """The machine that prepared it sends exactly that, or nothing."""
    other = UnsignedTransaction.of(
        {**prepared.unsigned.fields(), "nonce": prepared.unsigned.nonce + 1}
    )
    forged = replace(prepared, unsigned=other).sign(scene.signers.supplier)
    with pytest.raises(SignedDiffers):
        scene.ledger.send_prepared(forged)


def test_a_payment_that_needs_an_allowance_prepares_that_first(scene, facts):
    receivable = scene.accepted()
    obligor = scene.ledger.obligor(AbsentSigner(scene.signers.obligor.address))
    first = PreparedTransaction.of(obligor.prepare.pay(receivable, "250.00"), ledger=scene.ledger)
    assert "Calls: approve on the token" in facts(first)
    assert "amount: 250 EUR" in facts(first)
    scene.ledger.send_prepared(first.sign(scene.signers.obligor)).wait()

    second = PreparedTransaction.of(obligor.prepare.pay(receivable, "250.00"), ledger=scene.ledger)
    assert "Calls: pay on the ledger" in facts(second)
    assert "amount: 250.00 EUR" in facts(second)
    scene.ledger.send_prepared(second.sign(scene.signers.obligor)).wait()
    assert scene.ledger.receivable(receivable).paid == Money.parse("250.00", "EUR")


# -- words ------------------------------------------------------------------------------------


def test_threat_55_the_words_name_everything_that_is_signed(prepared, scene, facts):
    """Call, amounts with currency, chain, ledger, nonce, fee; all from the bytes."""
    text = facts(prepared)
    it, terms = prepared.unsigned, prepared.terms[0]
    for word in (
        f"Signed by: {scene.signers.supplier.address}",
        f"On chain: {scene.ledger.chain_id}",
        f"Calls: split on the ledger {scene.ledger.address}",
        f"id: {terms.id}/1",
        f"to {scene.signers.financier.address}, value 400.00 EUR",
        f"Receivable: {terms.id}: 1,000.00 EUR owed by {scene.signers.obligor.address}",
        f"Nonce: {it.nonce}",
        f"{it.gas:,} gas",
        f"Digest: {prepared.digest}",
    ):
        assert word in text


@pytest.mark.parametrize(
    ("old", "new"), [("17d78400", "17d78401"), ("01", "02")], ids=["amount", "any"]
)
def test_threat_55_changed_bytes_are_other_words(prepared, facts, old, new):
    """Whatever is changed in the call shows, or cannot be read."""
    data = prepared.unsigned.data.hex()
    changed = bytes.fromhex(data.replace(old, new))
    assert changed.hex() != data
    altered = replace(prepared, unsigned=replace(prepared.unsigned, data=changed))
    with contextlib.suppress(CallUnreadable):
        assert facts(altered) != facts(prepared)
    assert altered.digest != prepared.digest


def test_threat_55_what_follows_a_call_is_not_passed_over(prepared, facts):
    longer = replace(prepared.unsigned, data=prepared.unsigned.data + b"\0" * 32)
    with pytest.raises(CallUnreadable, match="not written as it has to be"):
        facts(replace(prepared, unsigned=longer))


def test_threat_55_a_contract_that_is_not_in_the_address_book_is_not_put_into_words(
    prepared, facts
):
    """A false ledger looks like a ledger; only this machine's own address book says which is."""
    false = replace(prepared.unsigned, to=bytes.fromhex("11" * 20))
    with pytest.raises(CallUnreadable, match="no address book here knows it"):
        facts(replace(prepared, unsigned=false))
    with pytest.raises(CallUnreadable):
        facts(prepared, book=None)


def test_threat_55_terms_that_came_along_prove_themselves(prepared, facts):
    """They are shown for the receivable whose id is their hash, and in the book's currency."""
    terms = prepared.terms[0]
    larger = replace(terms, face=Money.parse("9999.00", "EUR"))
    assert larger.id != terms.id
    text = facts(replace(prepared, terms=(larger,)))
    assert "9,999.00" not in text
    assert "400.00 XXX (the currency is not known here)" in text
    dollars = replace(terms, face=Money.parse("1000.00", "USD"))
    assert dollars.id == terms.id
    with pytest.raises(BadPrepared, match="calls currency 1 USD, not EUR"):
        facts(replace(prepared, terms=(dollars,)))


SAMPLES = {
    "address": "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "bool": True,
    "string": "words",
    "bytes": b"",
}


def sample(kind, components=()):
    if kind.endswith("]"):
        return [sample(kind[: kind.rindex("[")], components)] * 2
    if kind == "tuple":
        return tuple(sample(it["type"], it.get("components", ())) for it in components)
    if kind.startswith("bytes") and kind != "bytes":
        return b"\0" * int(kind[5:])
    return SAMPLES.get(kind, 3)


EVERY = [
    (contract, entry)
    for contract in (*ARTIFACTS, MANAGER, TOKEN)
    for entry in _functions(contract).values()
]


@pytest.mark.parametrize(
    ("contract", "entry"), EVERY, ids=[f"{contract}.{entry['name']}" for contract, entry in EVERY]
)
def test_every_function_of_every_contract_is_put_into_words(prepared, deployed, contract, entry):
    """Whatever the client can send has words, or is said to have none; nothing breaks."""
    inputs = entry["inputs"]
    values = [sample(it["type"], it.get("components", ())) for it in inputs]
    data = keccak(signature(entry).encode())[:4] + encode(types(inputs), values)
    call = read_call(contract, data) if entry["name"] != "multicall" else None
    somewhere = "0x" + "11" * 20
    changed = replace(prepared.unsigned, to=bytes.fromhex(somewhere[2:]), data=data)
    words = Words(replace(prepared, unsigned=changed), book=deployed, name=str)
    words._contracts[somewhere] = contract
    try:
        text = "\n".join(f"{n}: {v}" for n, v in words.facts())
    except CallUnreadable:
        # Made-up values contradict each other, and calls inside are no calls.
        unreal = {"multicall", "execute", "schedule", "cancel", "consumeScheduledOp"}
        assert entry["name"] in unreal or "enum" in str(inputs) or "guarantor" in str(inputs)
        return
    assert call is not None
    assert f"Calls: {entry['name']}" in text
    for it in inputs:
        spoken = "".join(f" {c.lower()}" if c.isupper() else c for c in it["name"])
        assert f"  {spoken}: " in text


def test_calls_in_a_bundle_are_put_into_words_one_by_one(prepared, facts):
    abi, receivable = ledger_abi(), prepared.terms[0].id
    calls = [
        abi.encode("pay", receivable.number, 7_000_000),
        abi.encode("redeem", receivable.voucher(1).number),
    ]
    data = abi.encode("multicall", calls)
    text = facts(replace(prepared, unsigned=replace(prepared.unsigned, data=data)))
    assert "  Calls: pay\n    id: " in text
    assert "amount: 7.00 EUR" in text
    assert "  Calls: redeem" in text


def test_an_allowance_without_limit_is_called_so(prepared, deployed, facts):
    token = next(it.token for it in deployed.currencies.values() if it.code == "EUR")
    data = token_abi().encode("approve", deployed.ledger, (1 << 256) - 1)
    changed = replace(prepared.unsigned, to=bytes.fromhex(token[2:]), data=data)
    assert "amount: any amount" in facts(replace(prepared, unsigned=changed))


# -- as files, lines and codes ----------------------------------------------------------------


def test_it_travels_as_text_line_and_code(prepared, scene):
    signed = prepared.sign(scene.signers.supplier)
    for it in (prepared, signed):
        for text in (it.to_text(), it.to_line(), it.to_code()):
            assert PreparedTransaction.from_text(text) == it
            assert PreparedTransaction.from_text(f"\n{text}\n") == it


def test_one_qr_code_holds_a_transfer(scene):
    """Small enough for a terminal of 110 columns, before and after it is signed."""
    receivable = scene.accepted()
    supplier = scene.ledger.supplier(scene.signers.supplier)
    held = supplier.prepare.transfer(receivable.voucher(1), scene.signers.financier.address)
    prepared = PreparedTransaction.of(held, ledger=scene.ledger)
    for it in (prepared, prepared.sign(scene.signers.supplier)):
        code = qr(it.to_code())
        assert code.mode == "alphanumeric"
        assert code.symbol_size(border=4)[0] <= 110


def test_what_is_too_large_for_a_code_is_said(prepared):
    noise = keccak(b"noise") * 40
    large = "DUEBILL1:" + "".join(chr(65 + byte % 26) for byte in noise * 4)
    with pytest.raises(TooLargeForCode):
        qr(large)
    assert qr(prepared.to_code()).version < 22


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace('"signature":"0x', '"signature":"0X'),
        lambda t: t.replace('"terms":[', '"more":1,"terms":['),
        lambda t: t.replace('"payload":"0x02', '"payload":"0x03'),
        lambda t: t.replace('"payload":"0x02', '"payload":"0x0202'),
        lambda t: t.replace('"face":{', '"face":{"more":1,'),
        lambda t: t[:-9] + "}",
        lambda _: "{}",
        lambda _: "DUEBILL1:",
        lambda _: "DUEBILL1:ABC",
        lambda _: "duebill-transaction-1:e30",
        lambda _: "",
    ],
    ids=range(11),
)
def test_an_altered_file_is_refused(prepared, scene, change):
    text = prepared.sign(scene.signers.supplier).to_text()
    with pytest.raises(BadPrepared):
        PreparedTransaction.from_text(change(text))


def test_threat_20_anothers_signature_is_refused(prepared, scene):
    """A file whose transaction was changed after it was signed is no prepared transaction."""
    signed = prepared.sign(scene.signers.supplier)
    more = replace(prepared, unsigned=replace(prepared.unsigned, nonce=prepared.unsigned.nonce + 1))
    text = signed.to_text().replace(
        prepared.unsigned.payload().hex(), more.unsigned.payload().hex()
    )
    assert text != signed.to_text()
    with pytest.raises(BadPrepared, match="its signature is not"):
        PreparedTransaction.from_text(text)


def test_threat_55_a_file_that_takes_code_for_an_account_is_refused(prepared):
    """No command prepares one, and no words would name the code."""
    fields = {**prepared.unsigned.fields(), "type": 4}
    fields["authorizationList"] = CARRYING["authorizationList"]
    payload = UnsignedTransaction.of(fields).payload()
    text = prepared.to_text().replace(prepared.unsigned.payload().hex(), payload.hex())
    with pytest.raises(BadPrepared, match="takes code"):
        PreparedTransaction.from_text(text)


@settings(max_examples=200)
@given(st.text(max_size=200) | st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"))
def test_garbage_is_refused(text):
    for prefix in ("", "DUEBILL1:", "duebill-transaction-1:", "{"):
        with pytest.raises(BadPrepared):
            PreparedTransaction.from_text(prefix + text)


def test_a_small_code_does_not_become_a_large_text():
    """A bomb: a million letters in a code of a few hundred."""
    import zlib  # noqa: PLC0415 - here alone

    from duebill.offline._codes import _base45  # noqa: PLC0415

    bomb = "DUEBILL1:" + _base45(zlib.compress(b"{" + b" " * 1_000_000 + b"}", 9))
    assert len(bomb) < 2_000
    with pytest.raises(BadPrepared):
        PreparedTransaction.from_text(bomb)


# -- on the command line ----------------------------------------------------------------------


@dataclass
class Machines:
    """Three machines: each has a home of its own, one has no network."""

    cli: object
    monkeypatch: pytest.MonkeyPatch
    homes: dict

    def at(self, name, *words, **env):
        self.cli.env["DUEBILL_HOME"] = str(self.homes[name])
        self.cli.env["DUEBILL_JOURNAL"] = str(self.homes[name] / "journal.sqlite")
        network = {} if name != "vault" else {"DUEBILL_RPC_URL": "http://192.0.2.1:1"}
        context = no_network(self.monkeypatch) if name == "vault" else contextlib.nullcontext()
        with context:
            return self.cli.ok(*words, **network, **env)


@pytest.fixture
def machines(on_chain, deployed, monkeypatch, tmp_path):
    homes = {name: tmp_path / name for name in ("office", "vault", "outbox")}
    for home in homes.values():
        deployed.save(folder=home)
    return Machines(on_chain, monkeypatch, homes)


def test_three_machines(machines, scene):
    """Prepared in the office, signed in a vault that has no network, sent from an outbox."""
    receivable = scene.accepted()
    supplier = scene.signers.supplier.address
    give = ("voucher", "transfer", f"{receivable}/1", scene.signers.financier.address)
    machines.at("office", *give, "--account", supplier, "--prepare", "gift.json")
    shown = machines.at("vault", "transaction", "show", "gift.json")
    assert "Calls" in shown
    assert "1,000.00 EUR" in shown
    assert "none yet" in shown
    signed = machines.at("vault", "transaction", "sign", "gift.json", "--account", "dev2", "--yes")
    assert "can be sent by anybody" in signed
    for _ in range(2):
        sent = machines.at("outbox", "transaction", "send", "gift.json")
        assert "is in block" in sent
    assert machines.at("office", "transaction", "send", "gift.json") == sent
    (voucher,) = scene.ledger.vouchers(receivable=receivable)
    assert voucher.holder == scene.signers.financier.address


def test_a_line_or_a_code_goes_the_same_way(machines, scene):
    """Without files: what is typed or scanned is signed, and the answer is a line."""
    receivable = scene.accepted()
    give = ("voucher", "transfer", f"{receivable}/1", scene.signers.financier.address)
    machines.at("office", *give, "--account", "dev2", "--prepare", "gift.json")
    prepared = PreparedTransaction.from_text(Path("gift.json").read_text())
    for text in (prepared.to_code(), prepared.to_line()):
        line = machines.at("vault", "transaction", "sign", text, "--account", "dev2", "--yes")
        assert line.startswith("duebill-transaction-1:")
    assert "is in block" in machines.at("outbox", "transaction", "send", line.strip())


def test_a_code_is_drawn_and_shown(machines, scene):
    receivable = scene.accepted()
    redeem = ("voucher", "transfer", f"{receivable}/1", scene.signers.financier.address)
    machines.at("office", *redeem, "--account", "dev2", "--prepare", "gift.json")
    shown = machines.at(
        "vault", "transaction", "show", "gift.json", "--qr", "--picture", "code.svg"
    )
    assert "█" in shown
    assert Path("code.svg").read_text().startswith("<?xml")


def test_what_cannot_be_read_is_signed_only_blindly(machines, scene, tmp_path):
    """A vault without the address book shows the bytes, and refuses to sign them unasked."""
    receivable = scene.accepted()
    give = ("voucher", "transfer", f"{receivable}/1", scene.signers.financier.address)
    machines.at("office", *give, "--account", "dev2", "--prepare", "gift.json")
    machines.homes["vault"] = tmp_path / "bare"
    assert "no address book here" in machines.at("vault", "transaction", "show", "gift.json")
    sign = ("transaction", "sign", "gift.json", "--account", "dev2", "--yes")
    assert machines.cli.error(*sign, code=1)["type"] == "CallUnreadable"
    assert "Signed" in machines.at("vault", *sign, "--blind")


def test_a_prepared_file_is_not_written_over(machines, scene):
    receivable = scene.accepted()
    give = ("voucher", "transfer", f"{receivable}/1", scene.signers.financier.address)
    machines.at("office", *give, "--account", "dev2", "--prepare", "gift.json")
    error = machines.cli.error(*give, "--account", "dev2", "--prepare", "gift.json", code=3)
    assert error["type"] == "FileNotWritten"


def test_what_others_bring_cannot_be_prepared(machines, scene):
    """An order is signed and given away: there is nothing to send."""
    receivable = scene.accepted()
    ask = ("order", "ask", f"{receivable}/1", "--price", "900.00", "--account", "dev2", "--yes")
    assert machines.cli.error(*ask, "--prepare", "ask.json", code=2)["type"] == "UsageError"


# -- four eyes --------------------------------------------------------------------------------


def walked(machines, section, names):
    """Run the commands that a section of the page shows, each on its machine."""
    page = (ROOT / "docs" / "signers.md").read_text("utf-8")
    shown = page.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    lines = re.findall(r"^(office|vault|outbox)\$ +duebill (.+)$", shown, re.MULTILINE)
    for machine, line in lines:
        words = [names.get(word, word) for word in line.split()]
        last = machines.at(machine, *words, *(["--yes"] if words[1] in {"sign", "approve"} else []))
    return len(lines), last


@pytest.mark.parametrize(("section", "steps"), [("Offline", 4), ("Four eyes", 4)])
def test_the_walk_through_of_the_page(machines, scene, policy, section, steps):
    """docs/signers.md, command by command."""
    receivable = scene.accepted()
    names = {"3fa2/1": f"{receivable}/1", "treasury": "dev2", "checker": "dev5"}
    names["financier"] = scene.signers.financier.address
    if section == "Four eyes":
        machines.cli.env["DUEBILL_POLICY"] = policy
    count, last = walked(machines, section, names)
    assert count == steps
    assert "is in block" in last
    (voucher,) = scene.ledger.vouchers(receivable=receivable)
    assert voucher.holder == scene.signers.financier.address


@pytest.fixture
def policy(deployed, scene, tmp_path):
    """Two approvers, one of them the signer itself; payments up to 100.00 are free."""
    path = tmp_path / "policy.toml"
    approvers = f'"{scene.signers.guarantor.address}", "{scene.signers.supplier.address}"'
    free = f'contracts = {{ ledger = "{deployed.ledger}" }}\ncalls = ["transferFrom"]'
    path.write_text(f'approvers = [{approvers}]\n[free]\n{free}\nup_to = "100.00"\n')
    path.chmod(0o600)
    return str(path)


def test_four_eyes_from_the_command_line(machines, scene, policy):
    """Small amounts go through; a large one is prepared, approved by another, and then signed."""
    receivable = scene.accepted()
    give = ("voucher", "transfer", f"{receivable}/1", scene.signers.financier.address)
    as_supplier = ("--account", "dev2", "--yes")
    machines.at("office", *give, "--value", "100.00", *as_supplier, DUEBILL_POLICY=policy)
    large = (*give, "--value", "100.01")
    error = machines.cli.error(*large, *as_supplier, code=1, DUEBILL_POLICY=policy)
    assert error["type"] == "ApprovalsMissing"

    machines.at("office", *large, "--account", "dev2", "--prepare", "gift.json")
    sign = ("transaction", "sign", "gift.json", *as_supplier)
    assert machines.cli.error(*sign, code=1, DUEBILL_POLICY=policy)["found"] == 0
    approve = ("transaction", "approve", "gift.json", "--yes", "--account")
    error = machines.cli.error(*approve, "dev2", code=2, DUEBILL_POLICY=policy)
    assert "let another account approve it" in error["message"]
    machines.at("office", *approve, "dev5", DUEBILL_POLICY=policy)
    assert "Approved by" in machines.at("vault", "transaction", "show", "gift.json")
    machines.at("vault", *sign, DUEBILL_POLICY=policy)
    assert "is in block" in machines.at("outbox", "transaction", "send", "gift.json")


def test_checking_signs_nothing(machines, scene, policy):
    receivable = scene.accepted()
    give = ("voucher", "transfer", f"{receivable}/1", scene.signers.financier.address)
    machines.at("office", *give, "--account", "dev2", "--prepare", "gift.json")
    before = Path("gift.json").read_text()
    sign = ("transaction", "sign", "gift.json", "--account", "dev2", "--check")
    assert "Calls" in machines.at("vault", *sign)
    error = machines.cli.error(*sign, code=1, DUEBILL_POLICY=policy)
    assert error["type"] == "ApprovalsMissing"
    approve = ("transaction", "approve", "gift.json", "--account", "dev5", "--check")
    assert "I approve that" in machines.at("vault", *approve)
    assert Path("gift.json").read_text() == before
