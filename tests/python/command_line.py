"""The real command line, in this process, on the real chain of the tests."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from duebill.cli import main

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from click.testing import Result


@dataclass
class Cli:
    """`duebill`, with a home of its own."""

    home: Path
    env: dict[str, str | None] = field(default_factory=dict)

    def run(self, *words: str, typed: str | None = None, **env: str) -> Result:
        """Run a command; `typed` is its standard input."""
        runner = CliRunner(mix_stderr=False)
        result = runner.invoke(main, list(words), input=typed, env={**self.env, **env})
        assert "Traceback" not in result.stderr, result.stderr
        return result

    def ok(self, *words: str, typed: str | None = None, **env: str) -> str:
        """Run a command that has to succeed; gives what it printed."""
        result = self.run(*words, typed=typed, **env)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def data(self, *words: str, typed: str | None = None, **env: str) -> Any:
        """Run a command with --json; gives the data, which is all that it printed."""
        return json.loads(self.ok(*words, "--json", typed=typed, **env))

    def error(self, *words: str, code: int, typed: str | None = None, **env: str) -> Any:
        """Run a command that has to fail, with and without --json; gives the error as data."""
        plain = self.run(*words, typed=typed, **env)
        assert plain.exit_code == code, (plain.exit_code, plain.stderr)
        result = self.run(*words, "--json", typed=typed, **env)
        assert result.exit_code == code, (result.exit_code, result.stderr)
        assert result.stdout == ""
        error: Mapping[str, Any] = json.loads(result.stderr)["error"]
        assert error["message"] in plain.stderr
        assert error["hint"] in plain.stderr
        return error


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line of someone who has just installed it."""
    home = tmp_path / "home"
    for name in ("DUEBILL_RPC_URL", "DUEBILL_ACCOUNT", "DUEBILL_PASSWORD_FILE", "DUEBILL_WALLET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return Cli(home, {"DUEBILL_HOME": str(home)})


@pytest.fixture
def on_chain(cli: Cli, anvil: Any, deployed: Any) -> Cli:
    """The command line of someone who knows the deployed ledger."""
    deployed.save(folder=cli.home)
    cli.env["DUEBILL_RPC_URL"] = anvil.url
    return cli


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    """A password that only its owner can read."""
    path = tmp_path / "password"
    path.write_text("correct horse battery\n")
    path.chmod(0o600)
    return path
