"""Click in Danish: headings, help and refusals."""

from __future__ import annotations

from typing import Any

import click

from roedtraad.config.postgres import PostgresError


class Refused(click.ClickException):
    """The command cannot do what was asked; the message is a sentence that says why and what to do."""


def _usage(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    pieces = [
        {"[OPTIONS]": "[TILVALG]", "COMMAND [ARGS]...": "KOMMANDO …"}.get(p, p)
        for p in command.collect_usage_pieces(ctx)
    ]
    formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="Brug: ")


# What click itself puts into a help text.
_SAID = {
    "[required]": "[skal med]",
    "[default: ": "[uden: ",
    "INTEGER RANGE": "TAL",
    " INTEGER": " TAL",
    " TEXT": " TEKST",
    " FILE": " FIL",
}


def _said(text: str) -> str:
    for english, danish in _SAID.items():
        text = text.replace(english, danish)
    return text


def _options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    records = (param.get_help_record(ctx) for param in command.get_params(ctx))
    rows = [(_said(names), _said(text)) for names, text in filter(None, records)]
    if rows:
        with formatter.section("Tilvalg"):
            formatter.write_dl(rows)


class DanishCommand(click.Command):
    """A command whose help is Danish."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """»Brug: …«."""
        _usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """»Tilvalg«."""
        _options(self, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """--help, said in Danish."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Vis denne hjælp."
        return option


class DanishGroup(click.Group):
    """A group of commands whose help is Danish; commands keep the order they were added in."""

    command_class = DanishCommand
    group_class = type

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """»Brug: …«."""
        _usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """»Tilvalg« and »Kommandoer«."""
        _options(self, ctx, formatter)
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, command.get_short_help_str(limit=90)))
        if rows:
            with formatter.section("Kommandoer"):
                formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of use, not of the alphabet."""
        return list(self.commands)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """--help, said in Danish."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Vis denne hjælp."
        return option


def _sentence(error: click.ClickException) -> str:
    """Click's refusal in one Danish sentence."""
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "roedtraad"
    see = f" Se »{path} --help«."
    if isinstance(error, Refused):
        return error.format_message()
    if isinstance(error, click.NoSuchOption):
        return f"Kender ikke tilvalget {error.option_name}.{see}"
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else "noget"
        return f"Der mangler {name}.{see}"
    if isinstance(error, click.BadParameter):
        name = error.param.human_readable_name if error.param else "værdien"
        if error.param is not None and isinstance(error.param.type, click.Choice):
            return f"{name} skal være en af: {', '.join(map(str, error.param.type.choices))}.{see}"
        return f"{name} kan ikke bruges sådan.{see}"
    if isinstance(error, click.FileError):
        return f"Kan ikke åbne filen {error.ui_filename}."
    if isinstance(error, click.UsageError):
        words = error.format_message()
        if words.startswith("No such command"):
            return f"Kender ikke kommandoen {words.split(chr(39))[1]}.{see}"
        if words.startswith("Got unexpected extra argument"):
            return f"Der er skrevet mere, end kommandoen kan bruge.{see}"
        return f"Kommandoen er ikke skrevet rigtigt.{see}"
    return error.format_message()


def said_in_one_sentence(group: click.Group, args: list[str] | None = None) -> int:
    """Run the command line; returns the exit code. Every refusal is printed as one sentence on standard error."""
    try:
        result: Any = group.main(args=args, prog_name="roedtraad", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        return 2
    except click.ClickException as error:
        click.echo(_sentence(error), err=True)
        return error.exit_code or 1
    except PostgresError as error:
        click.echo(str(error), err=True)
        return 1
    except (click.Abort, KeyboardInterrupt):
        click.echo("Afbrudt.", err=True)
        return 130
