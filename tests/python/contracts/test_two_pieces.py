"""Ledger and office are one contract in two pieces: same storage, no selector twice, none missing."""

import json
import subprocess
from itertools import takewhile
from pathlib import Path

import pytest

from duebill import artifacts

ROOT = Path(__file__).resolve().parents[3]
PIECES = ("ReceivableLedger", "LedgerOffice")
# What both inherit from AccessManaged; the ledger answers, the office's are out of reach.
SHARED = {"authority()", "isConsumingScheduledOp()", "setAuthority(address)"}
# What the ledger answers beyond its interface.
BEYOND = {*SHARED, "eip712Domain()"}


@pytest.fixture(scope="module")
def layouts():
    """The storage of each piece, as the compiler lays it out; nothing is compiled for it."""
    content = artifacts.standard_input()
    content["settings"]["outputSelection"] = {
        f"contracts/{name}.sol": {name: ["storageLayout"]} for name in PIECES
    }
    answer = subprocess.run(
        [ROOT / "scripts" / "solc", "--standard-json"],
        input=json.dumps(content),
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    contracts = json.loads(answer)["contracts"]
    return [contracts[f"contracts/{name}.sol"][name]["storageLayout"] for name in PIECES]


def signatures(name):
    """The functions of an artifact, as selectors are hashed from them."""
    return {signature(entry) for entry in artifacts.load(name).abi if entry["type"] == "function"}


def signature(function):
    """A function's name with its parameters' types, tuples spelt out."""
    return f"{function['name']}({','.join(map(spelt, function['inputs']))})"


def spelt(parameter):
    """A parameter's type as a signature has it."""
    kind = parameter["type"]
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(map(spelt, parameter['components']))}){kind.removeprefix('tuple')}"


def described(layout):
    """Every variable with its place and its type; types are named by their label and size."""
    types = layout["types"]
    return [
        (v["label"], v["slot"], v["offset"], structure(types, v["type"])) for v in layout["storage"]
    ]


def structure(types, name):
    """A type down to the members of its structs; the numbers in the compiler's names tell nothing."""
    kind = types[name]
    members = tuple(
        (m["label"], m["slot"], m["offset"], structure(types, m["type"]))
        for m in kind.get("members", ())
    )
    inner = tuple(structure(types, kind[key]) for key in ("key", "value") if key in kind)
    return kind["label"], kind["numberOfBytes"], members, inner


def test_threat_38_both_pieces_lay_their_storage_out_alike(layouts):
    """Every variable of the office stands in the ledger, at the same place and of the same type."""
    ledger, office = map(described, layouts)

    assert len(office) > 20
    assert ledger[: len(office)] == office


def test_threat_38_what_the_ledger_has_beyond_lies_behind(layouts):
    """EIP-712's fallbacks for long names are the ledger's alone, unused, and in slots of their own."""
    ledger, office = map(described, layouts)
    taken = {slot for _, slot, _, _ in office}
    beyond = ledger[len(office) :]

    assert [label for label, *_ in beyond] == ["_nameFallback", "_versionFallback"]
    assert not {slot for _, slot, _, _ in beyond} & taken


def test_no_function_is_in_both_pieces():
    """A function of the office that the ledger had too could never be reached."""
    ledger, office = map(signatures, PIECES)

    assert ledger & office == SHARED


def test_both_pieces_together_answer_the_whole_interface_and_nothing_else():
    """What is declared is implemented somewhere; what is implemented is declared."""
    ledger, office = map(signatures, PIECES)

    assert (ledger | office) == signatures("IReceivableLedger") | BEYOND


def test_every_error_of_the_interfaces_is_met_in_a_contract_test():
    """Every refusal that an interface declares is provoked, by name, in tests/contracts."""
    tests = "\n".join(p.read_text("utf-8") for p in (ROOT / "tests/contracts").rglob("*.sol"))
    tests += (ROOT / "tests/contracts/LedgerTest.sol").read_text("utf-8")

    assert [name for name in errors() if name not in tests] == []


def errors():
    """The names of the errors that the interfaces declare."""
    for file in sorted((ROOT / "contracts" / "interfaces").glob("*.sol")):
        for line in file.read_text("utf-8").splitlines():
            words = line.split()
            if words[:1] == ["error"]:
                yield "".join(takewhile(lambda letter: letter != "(", words[1]))
