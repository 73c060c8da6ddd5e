"""The command line: `duebill NOUN VERB`.

Each noun has a file of its own, which is imported only when the noun is used: `duebill --help`
answers at once. docs/cli.md lists every command, exit code and environment variable.
"""

from __future__ import annotations

from duebill.cli._app import main

__all__ = ["main"]
