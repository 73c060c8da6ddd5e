"""What stands in the ledger is found, complete and at one block."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

import duebill
from duebill import _views, documents
from duebill._fold import Books, VoucherRecord
from duebill.errors import (
    Ambiguous,
    BadAddress,
    BadId,
    CurrencyIsOffChain,
    CurrencyUnknown,
    DueDateMissing,
    HistoryInconsistent,
    IdError,
    NoAddressBook,
    NotFound,
    ProgrammeUnknown,
)
from duebill.model import Money, Receivable, Rules, Status, Voucher

KEY = bytes(range(32))


def eur(text):
    return Money.parse(text, "EUR")


# -- connecting -------------------------------------------------------------------------------


def test_the_node_comes_from_the_environment_and_the_place_from_the_address_book(
    anvil, deployed, tmp_path, monkeypatch
):
    """`duebill.connect()` needs nothing when both are set up."""
    monkeypatch.setenv("DUEBILL_RPC_URL", anvil.url)
    monkeypatch.setenv("DUEBILL_HOME", str(tmp_path))
    with pytest.raises(NoAddressBook):
        duebill.connect()
    deployed.save(folder=tmp_path)
    assert duebill.connect().address == deployed.ledger


def test_a_plain_mapping_says_where_the_ledger_is(anvil, deployed):
    ledger = duebill.connect(anvil.url, deployment={"ledger": deployed.ledger.lower()})
    assert ledger.address == deployed.ledger
    assert ledger.chain_id == 31337


def test_a_connection_shows_where_it_leads(ledger, signers):
    assert repr(ledger) == f"<ledger {ledger.address} on chain 31337>"
    supplier = ledger.supplier(signers.supplier)
    assert repr(supplier) == f"<Supplier {signers.supplier.address}>"
    assert repr(supplier.simulate) == f"<Supplier {signers.supplier.address}, dry run>"


# -- ids --------------------------------------------------------------------------------------


def test_the_first_characters_of_an_id_are_enough(scene, ledger):
    id_ = scene.accepted()
    for text in (id_[:6], id_[:6].upper(), id_, str(id_)):
        assert ledger.resolve(text) == id_
        assert ledger.receivable(text).id == id_
        assert ledger.resolve(f"{text}/1") == id_.voucher(1)
        assert ledger.voucher(f"{text}/1").id == id_.voucher(1)


def test_characters_that_fit_several_ids_are_ambiguous_and_the_ids_are_told(scene, ledger):
    ids = {scene.issued() for _ in range(17)}
    first = [id_[0] for id_ in ids]
    shared = next(c for c in first if first.count(c) > 1)
    with pytest.raises(Ambiguous) as caught:
        ledger.resolve(shared)
    assert set(caught.value.matches) == {id_ for id_ in ids if id_.startswith(shared)}


def test_what_is_not_there_is_not_found(scene, ledger):
    id_ = scene.issued()
    other = "0" * 48 if not id_.startswith("0") else "1" * 48
    for act in (
        lambda: ledger.resolve(other[:5]),
        lambda: ledger.receivable(other),
        lambda: ledger.terms(other),
        lambda: ledger.voucher(f"{other}/1"),
        lambda: ledger.voucher(f"{id_}/2"),
        lambda: ledger.resolve(f"{id_[:8]}/2"),
        lambda: ledger.lineage(other),
        lambda: ledger.lineage(f"{id_}/2"),
        lambda: ledger.advances(other),
        lambda: ledger.vouchers(receivable=other),
        lambda: ledger.read_many([id_, other]),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize(
    "text", ["", "xyz", "3fa2/", "3fa2/0", "/1", "3fa2/1/1", "a" * 49, " 3fa2"]
)
def test_what_is_no_beginning_of_an_id_is_refused(ledger, text):
    with pytest.raises(BadId):
        ledger.resolve(text)


def test_a_receivables_id_is_no_vouchers_and_the_other_way_round(scene, ledger):
    id_ = scene.issued()
    with pytest.raises(IdError):
        ledger.voucher(id_)
    with pytest.raises(IdError):
        ledger.receivable(id_.voucher(1))


# -- receivables and vouchers -----------------------------------------------------------------


def test_a_receivable_as_it_stands(scene, ledger, signers, anvil):
    terms = scene.terms(face=eur("1000.00"))
    id_ = ledger.supplier(signers.supplier).issue(terms).wait().value
    found = ledger.receivable(id_)
    assert found.id == id_ == terms.id
    assert (found.status, found.face) == (Status.ISSUED, eur("1000"))
    assert found.owed == found.coverage == eur("0")
    assert found.due_date == terms.due_date
    assert found.accept_by == ledger.time().date() + timedelta(days=30)
    assert found.obligor == signers.obligor.address
    ledger.obligor(signers.obligor).accept(id_).wait()
    assert ledger.receivable(id_).owed == eur("1000")
    scene.pay(id_, "400")
    found = ledger.receivable(id_)
    assert (found.paid, found.owed, found.coverage) == (eur("400"), eur("600"), eur("400"))
    anvil.travel(days=120)
    assert ledger.receivable(id_).status is Status.OVERDUE
    data = json.loads(json.dumps(found.to_json()))
    assert (data["status"], data["owed"], data["currency"]) == ("accepted", "600.00", "EUR")


def test_terms_are_read_back_and_checked_against_the_id(scene, ledger, signers):
    terms = scene.terms(documents_root="0x" + "11" * 32, reference_hash="0x" + "22" * 32)
    id_ = ledger.supplier(signers.supplier).issue(terms).wait().value
    assert ledger.terms(id_) == terms


def test_terms_that_are_not_the_ids_own_are_not_believed(scene, ledger):
    id_ = scene.issued()
    with ledger._desk.history.books() as (books, _):
        books.receivables[id_].issued["face"] += 1
    with pytest.raises(HistoryInconsistent):
        ledger.terms(id_)


def test_a_voucher_as_it_stands(scene, ledger, signers):
    id_ = scene.accepted()
    (part,) = scene.split(id_, financier="400.00")
    scene.pay(id_, "500")
    found = ledger.voucher(part)
    assert found.holder == signers.financier.address
    assert (found.value, found.claimable, found.claimed) == (eur("400"), eur("200"), eur("0"))
    assert (found.hops, found.frozen) == (1, False)
    ledger.financier(signers.financier).redeem(part).wait()
    assert ledger.voucher(part).claimed == eur("200")
    assert json.loads(json.dumps(found.to_json()))["receivable"] == id_


def test_lists_are_filtered_and_in_the_order_of_their_making(scene, ledger, signers):
    first, second = scene.accepted(), scene.issued()
    third = scene.issued(creditor=signers.supplier.address, face=eur("5"))
    assert [r.id for r in ledger.receivables()] == [first, second, third]
    assert [r.id for r in ledger.receivables(status=Status.ISSUED)] == [second, third]
    assert ledger.receivables(creditor=signers.stranger.address) == ()
    assert len(ledger.receivables(obligor=signers.obligor.address.lower())) == 3
    (part,) = scene.split(first, financier="400.00")
    assert [v.id for v in ledger.vouchers(receivable=first)] == [first.voucher(1), part]
    assert [v.id for v in ledger.vouchers(holder=signers.financier.address)] == [part]
    assert [
        v.id for v in ledger.vouchers(receivable=first[:8], holder=signers.financier.address)
    ] == [part]
    with pytest.raises(BadAddress):
        ledger.vouchers(holder="0x12")


def test_many_are_read_at_one_block_in_the_order_asked_for(scene, ledger):
    one, two = scene.accepted(), scene.accepted()
    found = ledger.read_many([two.voucher(1), one, two])
    assert [item.id for item in found] == [two.voucher(1), one, two]
    assert isinstance(found[0], Voucher)
    assert isinstance(found[1], Receivable)
    assert ledger.read_many([]) == ()


def test_more_than_one_request_holds_are_read_in_several(scene, ledger, monkeypatch):
    monkeypatch.setattr(duebill._desk, "_MOST_CALLS", 3)
    ids = [scene.issued() for _ in range(8)]
    assert [r.id for r in ledger.read_many(ids)] == ids


def test_holdings_add_up_to_the_face(scene, ledger, signers):
    id_ = scene.accepted()
    scene.split(id_, financier="600.00", supplier2="100.00")
    scene.accepted(face=Money.parse("7", "CNY"))
    rows = ledger.holdings(receivable=id_)
    assert [(r.holder, r.value) for r in rows] == [
        (signers.financier.address, eur("600")),
        (signers.supplier.address, eur("300")),
        (signers.supplier2.address, eur("100")),
    ]
    assert Money.total((r.value for r in rows), "EUR") == ledger.receivable(id_).face
    mine = ledger.holdings(holder=signers.supplier.address)
    assert {r.value.currency for r in mine} == {"EUR", "CNY"}
    assert json.loads(json.dumps(rows[0].to_json()))["value"] == "600.00"


def test_lineage_is_the_tree_of_what_was_split_off_what(scene, ledger, signers):
    id_ = scene.accepted()
    two, three = scene.split(id_, supplier2="300", financier="100")
    tier2 = ledger.supplier(signers.supplier2)
    four = tier2.transfer(two, signers.financier.address, value="120").wait().value
    bank = ledger.financier(signers.financier)
    bank.merge([three], into=four).wait()
    root = ledger.lineage(id_)
    assert [(n.id, n.parent) for n in root.walk()] == [
        (id_.voucher(1), None),
        (two, id_.voucher(1)),
        (four, two),
        (three, id_.voucher(1)),
    ]
    node = {n.id: n for n in root.walk()}
    assert (node[two].born_value, node[two].value) == (eur("300"), eur("180"))
    assert (node[four].born_value, node[four].value) == (eur("120"), eur("220"))
    assert (node[four].hops, node[three].alive, node[three].value) == (2, False, eur("0"))
    assert node[two].holders == (signers.supplier2.address,)
    assert [e.name for e in node[three].events] == [
        "Transfer",
        "TransferValue",
        "TransferValue",
        "TransferValue",
        "Transfer",
    ]
    assert ledger.lineage(two).walk()[0] == node[two]
    json.dumps(root.to_json())


def test_a_long_chain_of_splits_needs_no_recursion(scene, signers):
    """Each voucher split off the last one; a tree far deeper than Python's stack would be fine."""
    id_ = scene.accepted()
    books, depth = Books(), 5000
    who = signers.supplier.address
    for serial in range(1, depth + 1):
        record = VoucherRecord(id=id_.voucher(serial), holder=who, holders=[who])
        if serial < depth:
            record.children.append(id_.voucher(serial + 1))
        books.vouchers[record.id] = record
    assert len(_views.lineage(books, id_.voucher(1), "EUR").walk()) == depth


# -- parties and tables -----------------------------------------------------------------------


def test_a_party_as_it_stands(scene, ledger, signers):
    scene.accepted()
    party = ledger.party(signers.supplier.address.lower())
    assert party.address == signers.supplier.address
    assert party.is_verified(ledger.time())
    assert not party.is_frozen(ledger.time())
    assert (party.vouchers, party.payee, party.encryption_key) == (1, None, None)
    unknown = ledger.party(signers.stranger.address)
    assert unknown.verified_until is None
    assert not unknown.is_verified(ledger.time())
    assert signers.supplier.address in {p.address for p in ledger.parties()}
    assert signers.stranger.address not in {p.address for p in ledger.parties()}
    json.dumps([p.to_json() for p in ledger.parties()])


def test_programmes_and_currencies(ledger, signers):
    standard, _ = ledger.programmes()
    assert standard == ledger.programme(1)
    assert (standard.number, standard.open, standard.rules.max_hops) == (1, True, 16)
    assert standard.rules.smallest_voucher == Decimal(1)
    codes = [c.code for c in ledger.currencies()]
    assert codes == ["EUR", "CNY", "USD"]
    assert ledger.currency("CNY") == ledger.currency(2)
    assert ledger.currency(2).decimals == 2
    for number in (0, 9):
        with pytest.raises(CurrencyUnknown):
            ledger.currency(number)
        with pytest.raises(ProgrammeUnknown):
            ledger.programme(number)
    with pytest.raises(NotFound):
        ledger.currency("GBP")
    ledger.administrator(signers.deployer).add_currency(
        "EUR", decimals=2, paying_agent=signers.stranger.address
    ).wait()
    with pytest.raises(Ambiguous):
        ledger.currency("EUR")
    json.dumps(
        [p.to_json() for p in ledger.programmes()] + [c.to_json() for c in ledger.currencies()],
        default=str,
    )


def test_rules_are_read_back_as_they_were_given(ledger, signers):
    rules = Rules(
        max_tenor_days=90,
        acceptance_days=3,
        grace_days=7,
        max_hops=2,
        max_splits=5,
        smallest_voucher=Decimal(100),
        obligor_limit=Decimal("1000000.00"),
        currency=1,
        consent=True,
        stop_on_default=False,
    )
    number = ledger.administrator(signers.deployer).create_programme(rules).wait().value
    assert ledger.programme(number).rules == rules
    assert ledger.programme(number).to_json()["obligor_limit"] == "1000000.00"


def test_threat_57_cash_is_read_with_the_tokens_own_decimals(ledger, signers):
    for code in ("EUR", "CNY"):
        assert ledger.cash(signers.supplier.address, code) == Money.parse("10000000", code)
    assert ledger.cash(ledger.address, 1) == eur("0")
    ledger.administrator(signers.deployer).add_currency(
        "CHF", decimals=2, paying_agent=signers.stranger.address
    ).wait()
    with pytest.raises(CurrencyIsOffChain):
        ledger.cash(signers.supplier.address, "CHF")


def test_a_pause_is_seen_until_it_ends(ledger, signers, anvil):
    assert ledger.paused_until() is None
    until = (ledger.time() + timedelta(days=2)).replace(microsecond=0)
    ledger.supervisor(signers.deployer).pause(until=until).wait()
    assert ledger.paused_until() == until
    anvil.travel(days=3)
    assert ledger.paused_until() is None


# -- drafts -----------------------------------------------------------------------------------


def test_a_draft_finds_the_currencys_number(scene, ledger, signers):
    assert scene.terms(face=Money.parse("1", "CNY")).currency == 2
    admin = ledger.administrator(signers.deployer)
    admin.add_currency("EUR", decimals=2, paying_agent=signers.stranger.address).wait()
    with pytest.raises(Ambiguous):
        scene.terms()
    # A programme that admits one currency says which of the two is meant.
    number = admin.create_programme(Rules(currency=4)).wait().value
    assert scene.terms(programme=number).currency == 4
    with pytest.raises(NotFound):
        scene.terms(face=Money.parse("1", "GBP"))


def test_an_invoice_becomes_terms_that_tell_strangers_nothing(ledger, signers):
    invoice = SimpleNamespace(
        number="RE-17",
        due_date=None,
        currency="EUR",
        payable_units=1_248_300_000_000,
        documents_hash="0x" + "ab" * 32,
    )
    parties = {"obligor": signers.obligor.address, "creditor": signers.supplier.address}
    with pytest.raises(DueDateMissing):
        ledger.draft_invoice(invoice, **parties, programme=1, key=KEY)
    day = ledger.time().date() + timedelta(days=60)
    terms = ledger.draft_invoice(invoice, **parties, programme=1, key=KEY, due_date=day)
    assert (terms.face, terms.due_date) == (eur("1248300.00"), day)
    salt = documents.document_salt(invoice.documents_hash, key=KEY)
    assert terms.documents_root == documents.documents_root(invoice.documents_hash, salt=salt)
    assert terms.reference_hash == documents.reference_hash("RE-17", key=KEY)


# -- invariants -------------------------------------------------------------------------------


def test_the_report_names_each_promise_and_how_much_was_checked(scene, ledger):
    id_ = scene.accepted()
    scene.split(id_, financier="10", supplier2="20")
    report = ledger.check_invariants()
    assert report.holds
    assert [check.number for check in report.checks] == [1, 2, 3, 6, 8, 9, 10, 12]
    assert {check.number: check.checked for check in report.checks} == {
        1: 1,
        2: 1,
        3: 1,
        6: 3,
        8: 3,
        9: 0,
        10: 0,
        12: 4,
    }
    json.dumps(report.to_json())


def test_money_that_is_missing_from_the_ledger_is_found(scene, ledger, anvil):
    """Invariant 2: somebody who takes the token away from the ledger is noticed."""
    id_ = scene.accepted()
    scene.pay(id_, "100")
    token = ledger.currency("EUR").token
    anvil.rpc("anvil_dealERC20", ledger.address, token, hex(99_999_999))
    report = ledger.check_invariants()
    assert [check.number for check in report.checks if not check.holds] == [2]
    anvil.rpc("anvil_dealERC20", ledger.address, token, hex(100_000_001))
    assert ledger.check_invariants().holds


@pytest.mark.parametrize(
    ("spoil", "number"),
    [
        (lambda books, id_: books.receivables[id_].__setattr__("redeemed_value", 1), 1),
        (lambda books, id_: books.receivables[id_].__setattr__("went_out", 1), 3),
        (lambda books, id_: books.vouchers[id_.voucher(2)].__setattr__("parent", None), 6),
        (
            lambda books, id_: books.vouchers[id_.voucher(2)].__setattr__("parent", id_.voucher(2)),
            6,
        ),
        (lambda books, id_: books.vouchers[id_.voucher(2)].__setattr__("hops", 9), 12),
        (lambda books, id_: books.receivables[id_].__setattr__("face", 9), 12),
    ],
)
def test_a_broken_promise_is_reported_under_its_number(scene, ledger, spoil, number):
    id_ = scene.accepted()
    scene.split(id_, financier="10")
    with ledger._desk.history.books() as (books, _):
        spoil(books, id_)
    report = ledger.check_invariants()
    broken = [check for check in report.checks if not check.holds]
    assert [check.number for check in broken] == [number]
    assert broken[0].violations[0].startswith(id_)
