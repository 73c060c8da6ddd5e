"""The compiler wrapper behaves like solc, and setup and build do nothing twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from duebill import _build

ROOT = Path(__file__).resolve().parents[2]
SOLC = ROOT / "scripts" / "solc"
SOURCE = """// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;
import {Other} from "./Other.sol";
contract Sample is Other { function now_() external view returns (uint256) { return block.timestamp; } }
"""
OTHER = "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.24;\nabstract contract Other {}\n"


def solc(*arguments, stdin="", environment=None):
    return subprocess.run(
        [SOLC, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **(environment or {})},
    ).stdout


def compiled(folder, **options):
    (folder / "Other.sol").write_text(OTHER)
    content = {
        "language": "Solidity",
        "sources": {"Sample.sol": {"content": SOURCE}},
        "settings": {"outputSelection": {"*": {"*": ["evm.bytecode.object"], "": ["ast"]}}},
    }
    arguments = ("--standard-json", "--base-path", str(folder))
    return json.loads(solc(*arguments, stdin=json.dumps(content), **options))


def native_solc():
    """Whether the wrapper finds a native compiler here."""
    return "Emscripten" not in solc("--version")


def test_the_version_is_the_pinned_one():
    """Tools read the version from a line that only looks like solc's."""
    assert "\nVersion: 0.8.35+commit." in solc("--version")


def test_imports_are_read_from_the_base_path(tmp_path):
    """A source that is not part of the input is looked up like solc does."""
    output = compiled(tmp_path)

    assert output["contracts"]["Sample.sol"]["Sample"]["evm"]["bytecode"]["object"]


def test_ids_of_builtins_are_negative(tmp_path):
    """`block` is -4 for every tool that reads the AST, whatever integers the compiler writes."""
    assert '"referencedDeclaration": -4' in json.dumps(compiled(tmp_path)["sources"])


def test_a_native_compiler_gives_the_same_bytecode(tmp_path):
    """The npm compiler is no compromise; shown wherever both exist."""
    if not native_solc():
        pytest.skip("no native solc of this version on PATH")
    native, npm = compiled(tmp_path), compiled(tmp_path, environment={"DUEBILL_SOLC": "npm"})

    assert native["contracts"] == npm["contracts"]


def test_forge_reports_failure():
    """npm's start script for forge exits with 0 whatever happens; .venv has the real one."""
    answer = subprocess.run([ROOT / ".venv/bin/forge", "bogus"], capture_output=True, check=False)

    assert answer.returncode != 0


def test_a_second_setup_does_nothing():
    """Not a word, so not a step: and with no step, no network."""
    setup = [sys.executable, ROOT / "scripts" / "setup.py"]

    assert subprocess.run(setup, capture_output=True, text=True, check=True).stdout == ""


def test_a_build_notices_changed_settings(tmp_path):
    """Settings count like sources: another optimizer is another build."""
    (tmp_path / "foundry.toml").write_text(
        (ROOT / "foundry.toml").read_text().replace("optimizer_runs = ", "optimizer_runs = 1")
    )

    assert _build.compiler_settings(tmp_path) != _build.compiler_settings(ROOT)


def test_imports_in_comments_and_over_lines(tmp_path):
    """Sources are followed through every way to write an import, and through remappings."""
    (tmp_path / "foundry.toml").write_text((ROOT / "foundry.toml").read_text())
    files = {
        "contracts/A.sol": '/// import "no.sol";\nimport {\n  X,\n  Y\n} from "./b/B.sol";\n',
        "contracts/b/B.sol": "import * as C from '@openzeppelin/contracts/C.sol';\n",
        "node_modules/@openzeppelin/contracts/C.sol": 'import "../contracts/D.sol";\n',
        "node_modules/@openzeppelin/contracts/D.sol": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    assert list(_build.standard_input(tmp_path)["sources"]) == sorted(files)


def test_a_missing_import_is_named(tmp_path):
    """A source that is not there is an error of the build, not a crash."""
    (tmp_path / "foundry.toml").write_text((ROOT / "foundry.toml").read_text())
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts/A.sol").write_text('import "./Gone.sol";')

    with pytest.raises(_build.BuildError, match=r"contracts/Gone\.sol"):
        _build.standard_input(tmp_path)
