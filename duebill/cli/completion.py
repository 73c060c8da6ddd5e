"""`duebill completion`: completion of commands for a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion of commands for a shell.

    \b
    bash:  eval "$(duebill completion bash)"     in ~/.bashrc
    zsh:   eval "$(duebill completion zsh)"      in ~/.zshrc
    fish:  duebill completion fish > ~/.config/fish/completions/duebill.fish
    """  # noqa: D301 - click's mark for a paragraph that is not wrapped
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"{shell} is not known to this version of click.")
    root = ctx.find_root().command
    click.echo(found(root, {}, "duebill", "_DUEBILL_COMPLETE").source())
