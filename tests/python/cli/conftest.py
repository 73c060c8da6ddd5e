"""The real command line, for every test here."""

from command_line import cli, on_chain, password_file

__all__ = ["cli", "on_chain", "password_file"]
