"""The shipped artifacts are those of the sources, and load without anything else."""

import hashlib
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from duebill import _build, artifacts

ROOT = Path(__file__).resolve().parents[2]


def test_artifacts_are_those_of_the_sources():
    """Nothing was edited after the last compilation, on either side."""
    assert artifacts.verify_sources(ROOT) == ()
    assert _build.stale(ROOT) == ()


def test_a_changed_or_missing_source_is_named(tmp_path):
    """Every source is missing in an empty folder, and each is named once."""
    differing = artifacts.verify_sources(tmp_path)

    assert "contracts/ReceivableLedger.sol" in differing
    assert len(differing) == len(set(differing))


def test_every_artifact_loads():
    """All groups are readable from the package, and names are unique across them."""
    names = [name for group in artifacts.GROUPS for name in artifacts.names(group)]

    assert [artifacts.load(name).name for name in names] == names
    assert len(names) == len(set(names))


def test_contracts_have_code_and_interfaces_have_none():
    """What a deployment is made of can be deployed; an interface is an ABI."""
    assert all(artifacts.load(name).bytecode for name in artifacts.names())
    assert not any(artifacts.load(name).bytecode for name in artifacts.names("interfaces"))


def test_of_the_mocks_only_the_test_currency_is_shipped():
    """Mocks are hostile on purpose; none may reach a chain by way of the package."""
    assert artifacts.names("testing") == ("TestCurrency",)


def test_an_unknown_name_is_refused_with_the_known_ones():
    """The error lists what there is."""
    with pytest.raises(LookupError, match=r"'Nothing'.*ReceivableLedger"):
        artifacts.load("Nothing")


def test_an_artifact_cannot_be_changed():
    """Artifacts are shared values."""
    with pytest.raises(FrozenInstanceError):
        artifacts.load("ReceivableLedger").name = "Other"  # type: ignore[misc]


def test_deployed_code_is_recognised_whatever_its_immutables_hold():
    """Immutables are masked; any other byte counts."""
    artifact = replace(
        artifacts.load("ReceivableLedger"),
        deployed_bytecode=b"\x01\x00\x00\x02",
        immutable_references={"7": ((1, 2),)},
    )

    assert artifact.matches(b"\x01\xaa\xbb\x02")
    assert not artifact.matches(b"\x09\xaa\xbb\x02")
    assert not artifact.matches(b"\x01\xaa\xbb\x02\x00")


def test_the_standard_input_holds_every_source():
    """Anyone can rebuild from the package alone."""
    sources = artifacts.standard_input()["sources"]

    for name in artifacts.names():
        for path, digest in artifacts.load(name).sources.items():
            assert hashlib.sha256(sources[path]["content"].encode()).hexdigest() == digest
