"""What the package shows, and what it costs to load."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import duebill
from duebill import bulk, chain, deals, errors, ledger, model, roles, signing


@pytest.mark.parametrize(
    "module", [duebill, bulk, chain, deals, errors, ledger, model, roles, signing]
)
def test_public_names_are_sorted_and_there(module):
    """`__all__` is sorted (constants, classes, functions), without repetition, and complete."""

    def rank(name):
        kind = 0 if name.isupper() else 1 if name[0].isupper() else 2
        return kind, [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]

    assert list(module.__all__) == sorted(set(module.__all__), key=rank)
    for name in module.__all__:
        assert getattr(module, name) is not None


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nonsense"):
        duebill.nonsense  # noqa: B018 - the look-up is the test


def test_every_error_is_public():
    found = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.DuebillError)
    }
    assert found == {name for name in errors.__all__ if isinstance(getattr(errors, name), type)}


def test_importing_the_package_loads_nothing_heavy():
    """`import duebill` loads none of its own modules, and no chain, crypto or XML library."""
    script = (
        "import sys, duebill; "
        "heavy = {'web3', 'eth_account', 'eth_abi', 'eth_hash', 'requests', 'lxml', 'decimal'}; "
        "print(sorted(m for m in sys.modules if m.split('.')[0] in heavy or m[:8] == 'duebill.'))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_importing_the_package_takes_no_time():
    """At most 0.1 seconds, on the best of five tries: about a fifth of it on an idle machine."""
    assert min(_import_seconds() for _ in range(5)) <= 0.1


def test_web3_is_not_needed():
    """The client speaks to nodes by itself; web3 takes a second to import."""
    root = Path(duebill.__file__).parent
    importing = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(
            line.strip().startswith(("import web3", "from web3"))
            for line in path.read_text("utf-8").splitlines()
        )
    }
    assert importing == set()


def _import_seconds():
    command = [sys.executable, "-X", "importtime", "-c", "import duebill"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    *_, last = told.splitlines()
    _, total, name = last.split("|")
    assert name.strip() == "duebill"
    return int(total) / 1e6
