"""Keys stay secret, files are refused when they give them away, and nothing is signed blindly."""

from __future__ import annotations

import copy
import io
import json
import logging
import os
import pickle
import sys
import traceback
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from eth_account import Account
from eth_hash.auto import keccak

from duebill import signing
from duebill.errors import (
    AcceptanceForeign,
    BadAcceptance,
    BadPrivateKey,
    CurrencyMismatch,
    DeadlineOver,
    DuebillError,
    KeystoreExists,
    KeystoreExposed,
    KeystoreUnreadable,
    KeystoreWeak,
    NotTheObligor,
    PasswordTooShort,
    SignatureExpired,
    SignatureInvalid,
    SignerMismatch,
    SigningDeclined,
    WrongPassword,
)
from duebill.model import ZERO_ADDRESS, Money, Status, Terms
from duebill.node_accounts import NodeAccount
from duebill.signing import (
    Acceptance,
    ApeAccount,
    Keystore,
    SignedAcceptance,
    create_keystore,
    import_key,
)

PASSWORD = "canary-password-7c1d"  # noqa: S105 - a canary
KEY = "c0ffee" + "11" * 29
ADDRESS = Account.from_key(KEY).address
LEAST_WORK = 1 << 14


@pytest.fixture(scope="session")
def keystore_text(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "key.json"
    import_key(path, password=PASSWORD, source=io.StringIO(KEY + "\n"), scrypt_n=LEAST_WORK)
    return path.read_text("utf-8")


@pytest.fixture
def keystore(tmp_path, keystore_text):
    path = tmp_path / "key.json"
    path.write_text(keystore_text)
    path.chmod(0o600)
    return path


def acceptance(**changes):
    terms = Terms(
        obligor=ADDRESS,
        creditor="0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
        currency=1,
        face=Money.parse("1248300.00", "EUR"),
        due_date=date(2027, 3, 31),
        programme=1,
    )
    given = {
        "terms": terms,
        "deadline": datetime(2027, 1, 1, tzinfo=UTC),
        "chain_id": 31337,
        "ledger": "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
    }
    return Acceptance(**{**given, **changes})


def spoilt(keystore, **changes):
    content = json.loads(keystore.read_text())
    crypto = content["crypto"]
    crypto["kdf"] = changes.pop("kdf", crypto["kdf"])
    crypto["kdfparams"].update(changes)
    keystore.write_text(json.dumps(content))
    return keystore


# -- keystores --------------------------------------------------------------------------------


def test_a_keystore_signs_for_its_address(keystore):
    signer = Keystore(keystore, password=PASSWORD)
    assert signer.address == ADDRESS
    transaction = {
        "type": 2,
        "chainId": 1,
        "nonce": 0,
        "to": ADDRESS,
        "value": 0,
        "data": "0x",
        "gas": 21000,
        "maxFeePerGas": 1,
        "maxPriorityFeePerGas": 1,
    }
    assert Account.recover_transaction(signer.sign_transaction(transaction)) == ADDRESS
    assert acceptance().sign(signer).is_by_obligor()


def test_the_address_is_known_without_the_password(keystore):
    """Dry runs and look-ups need no password: it is asked for when something is signed."""
    asked = []

    def ask():
        asked.append(1)
        return PASSWORD

    signer = Keystore(keystore, password=ask)
    assert signer.address == ADDRESS
    assert not asked
    signer.unlock()
    signer.unlock()
    assert len(asked) == 1


def test_threat_53_a_wrong_password_is_refused(keystore):
    with pytest.raises(WrongPassword):
        Keystore(keystore, password="not this one").unlock()  # noqa: S106


def test_after_a_wrong_password_the_right_one_opens(keystore):
    words = iter(["wrong words", PASSWORD])
    signer = Keystore(keystore, password=lambda: next(words))
    with pytest.raises(WrongPassword):
        signer.unlock()
    signer.unlock()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o666, 0o620, 0o601])
def test_threat_53_a_file_that_others_can_touch_is_refused(keystore, mode):
    keystore.chmod(mode)
    with pytest.raises(KeystoreExposed) as caught:
        Keystore(keystore, password=PASSWORD)
    assert f"{mode:04o}" in str(caught.value)
    assert "chmod 600" in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"n": 1 << 13},
        {"n": 4096, "p": 6},
        {"n": 2},
        {"r": 1},
        {"n": 1 << 30},
        {"kdf": "pbkdf2", "c": 10_240},
        {"kdf": "pbkdf2", "c": 99_999},
        {"kdf": "none"},
    ],
)
def test_threat_53_a_weak_key_derivation_is_refused(keystore, changes):
    """Files that can be opened by guessing, and files that would eat all memory."""
    with pytest.raises(KeystoreWeak):
        Keystore(spoilt(keystore, **changes), password=PASSWORD)


def test_a_strong_pbkdf2_file_of_another_program_opens(tmp_path):
    path = tmp_path / "other.json"
    content = Account.encrypt(KEY, PASSWORD, kdf="pbkdf2", iterations=100_000)
    path.write_text(json.dumps(content))
    path.chmod(0o600)
    signer = Keystore(path, password=PASSWORD)
    signer.unlock()
    assert signer.address == ADDRESS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        '{"version": 1}',
        '{"version": 3}',
        '{"version": 3, "crypto": {}}',
        '{"version": 3, "crypto": {"kdf": "scrypt", "kdfparams": {"n": "x", "r": 8}}}',
        '{"version": 3, "crypto": {"kdf": "scrypt", "kdfparams": {"n": 262144, "r": 8}}}',
        "[" * 100_000,
    ],
    ids=range(9),
)
def test_what_is_no_keystore_is_refused(tmp_path, text):
    path = tmp_path / "key.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeystoreUnreadable):
        Keystore(path, password=PASSWORD)


def test_folders_pipes_and_missing_files_are_refused(tmp_path):
    with pytest.raises(KeystoreUnreadable):
        Keystore(tmp_path, password=PASSWORD)
    with pytest.raises(KeystoreUnreadable):
        Keystore(tmp_path / "missing.json", password=PASSWORD)
    with pytest.raises(KeystoreUnreadable):
        Keystore("/dev/null", password=PASSWORD)


def test_a_file_that_states_another_address_signs_nothing(keystore):
    content = json.loads(keystore.read_text())
    content["address"] = "70997970c51812dc3a010c7d01b50e0d17dc79c8"
    keystore.write_text(json.dumps(content))
    with pytest.raises(SignerMismatch):
        Keystore(keystore, password=PASSWORD).unlock()


def test_a_new_keystore_is_private_strong_and_never_overwrites(tmp_path):
    path = tmp_path / "deep" / "new.json"
    made = create_keystore(path, password=PASSWORD, scrypt_n=LEAST_WORK)
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_text()
    with pytest.raises(KeystoreExists):
        create_keystore(path, password=PASSWORD, scrypt_n=LEAST_WORK)
    assert path.read_text() == before
    again = Keystore(path, password=PASSWORD)
    again.unlock()
    assert again.address == made.address
    other = create_keystore(tmp_path / "other.json", password=PASSWORD, scrypt_n=LEAST_WORK)
    assert other.address != made.address


def test_a_new_password_has_at_least_eight_characters(tmp_path):
    with pytest.raises(PasswordTooShort):
        create_keystore(tmp_path / "new.json", password="seven77")  # noqa: S106
    assert not list(tmp_path.iterdir())


def test_a_weak_derivation_cannot_be_asked_for(tmp_path):
    with pytest.raises(KeystoreWeak):
        create_keystore(tmp_path / "new.json", password=PASSWORD, scrypt_n=1 << 10)


@pytest.mark.parametrize("typed", [KEY, "0x" + KEY, f"  {KEY}\n", KEY.upper()])
def test_a_key_is_imported_from_a_stream_and_keeps_its_address(tmp_path, typed):
    path = tmp_path / "key.json"
    made = import_key(path, password=PASSWORD, source=io.StringIO(typed), scrypt_n=LEAST_WORK)
    assert made.address == ADDRESS
    assert KEY not in path.read_text().lower()


def test_a_key_is_typed_at_a_prompt_that_does_not_show_it(tmp_path, monkeypatch):
    monkeypatch.setattr(signing._keystore.getpass, "getpass", lambda _: KEY)
    made = import_key(tmp_path / "key.json", password=PASSWORD, scrypt_n=LEAST_WORK)
    assert made.address == ADDRESS


@pytest.mark.parametrize(
    "typed",
    [
        "",
        KEY[:-1],
        KEY + "1",
        "g" * 64,
        "0" * 64,
        "f" * 64,
        KEY[:32] + "_" + KEY[33:],
        "0x" + KEY[:-2],
    ],
)
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path, typed):
    with pytest.raises(BadPrivateKey) as caught:
        import_key(tmp_path / "key.json", password=PASSWORD, source=io.StringIO(typed))
    assert not typed or typed not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_an_ape_account_is_found_by_its_alias(tmp_path, keystore_text, monkeypatch):
    monkeypatch.setenv("APE_DATA_FOLDER", str(tmp_path))
    (tmp_path / "accounts").mkdir()
    path = tmp_path / "accounts" / "treasury.json"
    path.write_text(keystore_text)
    path.chmod(0o600)
    account = ApeAccount("treasury", password=PASSWORD)
    account.unlock()
    assert account.address == ADDRESS
    for alias in ("../key", ".hidden", "a/b", "missing"):
        with pytest.raises(KeystoreUnreadable):
            ApeAccount(alias, password=PASSWORD)


# -- secrets ----------------------------------------------------------------------------------


def shown_by(act):
    """Everything that a careless program could print of an exception, local variables included."""
    try:
        act()
    except (DuebillError, TypeError) as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        return "".join(told.format()) + repr(error) + str(error)
    raise AssertionError("it did not fail")


def test_threat_54_no_secret_is_shown(tmp_path, keystore, caplog, capsys):
    """Neither password nor key is in logs, tracebacks with local variables, repr or output."""
    caplog.set_level(logging.DEBUG)
    signer = Keystore(keystore, password=PASSWORD)
    signer.unlock()
    acceptance().sign(signer)
    exposed = tmp_path / "exposed.json"
    exposed.write_text(keystore.read_text())
    exposed.chmod(0o644)
    weak = tmp_path / "weak.json"
    weak.write_text(keystore.read_text())
    weak.chmod(0o600)
    spoilt(weak, n=2)
    (tmp_path / "taken.json").touch()
    wrong = Keystore(keystore, password=PASSWORD + "!")

    def import_(veil):
        import_key(tmp_path / "new.json", password=lambda: PASSWORD, source=io.StringIO(veil.text))

    told = [
        repr(signer),
        str(signer),
        repr([signer]),
        shown_by(lambda: Keystore(exposed, password=PASSWORD)),
        shown_by(lambda: Keystore(weak, password=PASSWORD)),
        shown_by(wrong.unlock),
        shown_by(
            lambda: create_keystore(tmp_path / "taken.json", password=PASSWORD, scrypt_n=LEAST_WORK)
        ),
        shown_by(lambda: create_keystore(tmp_path / "w.json", password=PASSWORD, scrypt_n=2)),
        shown_by(lambda: pickle.dumps(signer)),
        shown_by(lambda: copy.deepcopy(signer)),
        str(vars(signer)),
        caplog.text,
        *capsys.readouterr(),
    ]
    for text in told:
        assert PASSWORD not in text
        assert KEY not in text.lower()
    for text in (KEY + "1", KEY[:-1] + "g"):
        veil = _Veil(text)
        shown = shown_by(lambda veil=veil: import_(veil))
        assert KEY[:40] not in shown.lower()
        assert PASSWORD not in shown


class _Veil:
    """Keeps the test's own variables from showing what it looks for."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return "…"


def test_threat_54_keys_come_from_no_argument():
    """No function takes a raw key: other users of a machine see arguments."""
    for act in (create_keystore, import_key, Keystore, ApeAccount):
        names = set(
            act.__init__.__code__.co_varnames if isinstance(act, type) else act.__annotations__
        )
        assert not names & {"key", "private_key", "secret", "hexkey", "mnemonic"}


# -- acceptances ------------------------------------------------------------------------------


def test_threat_55_the_words_and_the_signature_come_from_one_message():
    """Whatever changes the digest changes the words, and the other way round."""
    first = acceptance()
    terms = first.terms
    variants = [
        acceptance(deadline=first.deadline + timedelta(seconds=1)),
        acceptance(chain_id=1),
        acceptance(ledger=ZERO_ADDRESS),
        *(
            acceptance(terms=Terms(**{**_fields(terms), **change}))
            for change in (
                {"obligor": ZERO_ADDRESS},
                {"creditor": ZERO_ADDRESS},
                {"currency": 2},
                {"face": Money.parse("1248300.01", "EUR")},
                {"due_date": date(2027, 4, 1)},
                {"programme": 2},
                {"documents_root": "0x" + "11" * 32},
                {"reference_hash": "0x" + "11" * 32},
                {"salt": 5},
            )
        ),
    ]
    assert len({a.digest() for a in variants} | {first.digest()}) == len(variants) + 1
    assert len({a.summary() for a in variants} | {first.summary()}) == len(variants) + 1


def _fields(terms):
    return {name: getattr(terms, name) for name in type(terms).__dataclass_fields__}


def test_threat_55_the_words_name_everything_that_binds():
    words = acceptance().summary()
    for part in ("1248300.00 EUR", "2027-03-31", ADDRESS, "chain 31337", "2027-01-01 00:00:00 UTC"):
        assert part in words


def test_the_digest_is_the_ledgers(scene, ledger, signers):
    """What is signed here is what the contract checks, for the ledger and chain at hand."""
    terms = scene.terms()
    signed = ledger.obligor(signers.obligor).sign_acceptance(terms)
    on_chain = ledger._desk.read(
        "acceptanceDigest", terms.as_abi(), int(signed.deadline.timestamp())
    )
    assert signed.digest() == "0x" + on_chain.hex()
    assert ledger._desk.read("idOf", terms.as_abi()) == terms.id.number


def test_threat_16_a_signed_acceptance_travels_and_anyone_brings_it(scene, ledger, signers):
    id_ = scene.issued()
    signed = ledger.obligor(signers.obligor).sign_acceptance(id_)
    assert signed.is_by_obligor()
    again = SignedAcceptance.from_json(json.loads(json.dumps(signed.to_json())))
    assert again == signed
    ledger.supplier(signers.stranger).submit_acceptance(again).wait()
    assert ledger.receivable(id_).status is Status.ACCEPTED


def test_nothing_is_signed_when_the_reader_says_no(scene, ledger, signers):
    read = []

    def decline(words):
        read.append(words)
        return False

    with pytest.raises(SigningDeclined):
        ledger.obligor(signers.obligor).sign_acceptance(scene.issued(), review=decline)
    assert "1000.00 EUR" in read[0]


def test_threat_55_a_code_that_is_not_the_currencys_is_not_signed(scene, ledger, signers):
    """Terms that say EUR and mean currency 2, which is CNY, are neither signed nor issued."""
    terms = replace(scene.terms(), currency=2)
    with pytest.raises(CurrencyMismatch):
        ledger.obligor(signers.obligor).sign_acceptance(terms)
    with pytest.raises(CurrencyMismatch):
        ledger.supplier(signers.supplier).issue(terms)


def test_only_the_obligor_is_asked_to_sign(scene, ledger, signers):
    with pytest.raises(NotTheObligor):
        ledger.obligor(signers.supplier).sign_acceptance(scene.issued())


def test_threat_22_an_acceptance_counts_up_to_its_deadline(scene, ledger, signers, anvil):
    id_ = scene.issued()
    obligor = ledger.obligor(signers.obligor)
    signed = obligor.sign_acceptance(id_, deadline=ledger.time() + timedelta(seconds=60))
    anvil.travel(seconds=120)
    with pytest.raises(SignatureExpired):
        ledger.supplier(signers.supplier).submit_acceptance(signed)


def test_threat_67_a_deadline_in_the_chains_past_is_not_signed(scene, ledger, signers):
    """The chain's clock decides, not this machine's."""
    with pytest.raises(DeadlineOver):
        ledger.obligor(signers.obligor).sign_acceptance(
            scene.issued(), deadline=ledger.time() - timedelta(seconds=1)
        )


def test_threat_18_an_acceptance_of_another_ledger_or_chain_is_refused(scene, ledger, signers):
    signed = ledger.obligor(signers.obligor).sign_acceptance(scene.issued())
    data = signed.to_json()
    for change in ({"chain_id": 1}, {"ledger": ZERO_ADDRESS}):
        foreign = SignedAcceptance.from_json({**data, **change})
        with pytest.raises(AcceptanceForeign):
            ledger.supplier(signers.supplier).submit_acceptance(foreign)


@pytest.mark.parametrize("signature", ["0x", "0x" + "11" * 65, "0x" + "00" * 65, "0x" + "11" * 64])
def test_threat_20_a_broken_signature_is_refused_before_anything_is_sent(
    scene, ledger, signers, signature
):
    signed = ledger.obligor(signers.obligor).sign_acceptance(scene.issued())
    broken = SignedAcceptance.from_json({**signed.to_json(), "signature": signature})
    assert not broken.is_by_obligor()
    with pytest.raises(SignatureInvalid):
        ledger.supplier(signers.supplier).submit_acceptance(broken)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("signature"),
        lambda data: data.update(signature="0xzz"),
        lambda data: data.update(signature=5),
        lambda data: data.update(deadline="soon"),
        lambda data: data.update(ledger="0x12"),
        lambda data: data.update(terms=[]),
        lambda data: data["terms"].pop("face"),
    ],
)
def test_a_damaged_acceptance_is_refused(spoil):
    data = acceptance().sign(NodeAccount(0)).to_json()
    spoil(data)
    with pytest.raises(BadAcceptance):
        SignedAcceptance.from_json(data)


def test_an_obligor_can_be_a_contract(scene, ledger, signers, anvil):
    """A wallet that answers to ERC-1271 binds itself by whatever it calls a signature."""
    wallet = "0x00000000000000000000000000000000000a11ce"
    # PUSH4 0x1626ba7e, shifted to the left, returned: the wallet says yes to everything.
    anvil.rpc("anvil_setCode", wallet, "0x631626ba7e60e01b60005260206000f3")
    ledger.registrar(signers.deployer).verify(wallet).wait()
    terms = scene.terms(obligor=wallet)
    id_ = ledger.supplier(signers.supplier).issue(terms).wait().value
    drafted = Acceptance(
        terms=terms,
        deadline=ledger.time() + timedelta(days=1),
        chain_id=ledger.chain_id,
        ledger=ledger.address,
    )
    signed = SignedAcceptance.from_json(
        {**drafted.sign(signers.stranger).to_json(), "signature": "0xfeed"}
    )
    ledger.supplier(signers.supplier).submit_acceptance(signed).wait()
    assert ledger.receivable(id_).status is Status.ACCEPTED


def test_hashing_is_keccak():
    """The empty hash, so that nobody mistakes SHA3-256 for it."""
    assert keccak(b"").hex().startswith("c5d2460186f7233c")


def test_files_are_made_private_from_the_first_moment(tmp_path, monkeypatch):
    """No other user can open the file between its making and its being filled."""
    modes = []
    real = os.open

    def spied(path, flags, mode=0o777, **rest):
        if str(path).startswith(str(tmp_path)):
            modes.append((mode, bool(flags & os.O_EXCL)))
        return real(path, flags, mode, **rest)

    monkeypatch.setattr(signing._keystore.os, "open", spied)
    create_keystore(tmp_path / "key.json", password=PASSWORD, scrypt_n=LEAST_WORK)
    assert modes == [(0o600, True)]
