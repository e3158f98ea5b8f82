"""`roedtraad user`: accounts from the terminal, for the first administrator and for emergencies."""

from __future__ import annotations

import click

from roedtraad.config.cli.house import house
from roedtraad.config.cli.words import DanishCommand, DanishGroup, Refused

TERMINAL = "fra kommandolinjen"


@click.group("user", cls=DanishGroup)
def user() -> None:
    """Brugere: opret, giv adgang, skift adgangskode, luk.

    Til den første administrator og til nødsituationer; ellers gøres det på siden Administration.
    """


def _find(username: str):  # type: ignore[no-untyped-def]  # the model can only be imported once Django is ready
    from roedtraad.accounts.models import User

    found = User.objects.filter(username=username).first()
    if found is None:
        raise Refused(f"Der er ingen bruger, der hedder {username}.")
    return found


@user.command("list", cls=DanishCommand)
def list_users() -> None:
    """Vis brugerne og deres roller i dag."""
    with house():
        from roedtraad.access.scope import role_label, roles_of
        from roedtraad.accounts.models import User

        for account in User.objects.order_by("username"):
            roles = ", ".join(role_label(role) for role in roles_of(account)) or "ingen rolle"
            click.echo(
                f"{account.username}\t{account.full_name}\t{roles}{'' if account.is_active else ' (lukket)'}"
            )


@user.command("create", cls=DanishCommand)
@click.argument("brugernavn")
@click.option("--name", "full_name", default="", help="Fulde navn.")
def create(brugernavn: str, full_name: str) -> None:
    """Opret en bruger og vis den første adgangskode én gang."""
    with house():
        from roedtraad.access.services import create_account

        try:
            _account, password = create_account(brugernavn, full_name, created_by=None, reason=TERMINAL)
        except ValueError as refusal:
            raise Refused(str(refusal)) from refusal
        click.echo(f"Brugeren {brugernavn} er oprettet. Første adgangskode: {password}")


@user.command("grant", cls=DanishCommand)
@click.argument("brugernavn")
@click.argument("rolle")
@click.argument("hvor")
@click.option("--last", default="", help="Sidste dag, ÅÅÅÅ-MM-DD. Uden: indtil videre.")
def grant(brugernavn: str, rolle: str, hvor: str, last: str) -> None:
    """Giv BRUGERNAVN en ROLLE for HVOR: en enheds nøgle eller en kommunekode.

    Roller: leader, support_worker, economist, quality, strategist, council, caseworker, inspector,
    administrator.
    """
    with house():
        import datetime as dt

        from roedtraad.access.roles import SCOPE, Role
        from roedtraad.access.services import grant_role
        from roedtraad.core import clock
        from roedtraad.organisation.models import Municipality, Unit

        account = _find(brugernavn)
        try:
            role = Role(rolle)
            until = dt.date.fromisoformat(last) if last else None
        except ValueError as error:
            raise Refused(
                f"Kender ikke rollen {rolle}, eller datoen er ikke skrevet som ÅÅÅÅ-MM-DD."
            ) from error
        kind = SCOPE[role]
        scope = (
            Unit.objects.filter(key=hvor).first()
            if kind == "unit"
            else Municipality.objects.filter(code=hvor).first()
        )
        if kind == "citizen" or scope is None:
            raise Refused(f"Rollen {rolle} kan ikke gives for {hvor} herfra.")
        try:
            grant_role(account, role, scope, start=clock.today(), last=until, reason=TERMINAL)
        except ValueError as refusal:
            raise Refused(str(refusal)) from refusal
        click.echo(f"{brugernavn} har nu rollen {rolle} for {hvor}.")


@user.command("password", cls=DanishCommand)
@click.argument("brugernavn")
def password(brugernavn: str) -> None:
    """Giv en bruger en ny adgangskode, der vises én gang."""
    with house():
        from roedtraad.access.services import renew_password

        fresh = renew_password(_find(brugernavn), renewed_by=None, reason=TERMINAL)
        click.echo(f"Ny adgangskode til {brugernavn}: {fresh}")


@user.command("second-factor", cls=DanishCommand)
@click.argument("brugernavn")
def second_factor(brugernavn: str) -> None:
    """Fjern en brugers app, adgangsnøgler og gendannelseskoder, når de er mistet."""
    with house():
        from roedtraad.access.services import reset_second_factor

        try:
            reset_second_factor(_find(brugernavn), reset_by=None, reason=TERMINAL)
        except ValueError as refusal:
            raise Refused(str(refusal)) from refusal
        click.echo(f"{brugernavn} logger nu ind med adgangskode alene og kan tilføje en ny anden faktor.")


@user.command("link", cls=DanishCommand)
@click.argument("brugernavn")
@click.argument("id")
@click.option("--via", type=click.Choice(["oidc", "saml"]), help="Hvilken udbyder, når begge er sat op.")
def link(brugernavn: str, id: str, via: str | None) -> None:
    """Knyt BRUGERNAVN til det ID, som regionens login kender personen ved.

    Id'et står på den side, en ukendt person får vist, når hun prøver at logge ind.
    """
    with house():
        from roedtraad.accounts.federation.adapter import federation
        from roedtraad.accounts.federation.services import link as tie

        names = federation().issuers
        if via is None and len(names) != 1:
            raise Refused("Der er ikke netop én udbyder sat op. Sæt den op, eller vælg med --via.")
        issuer = names.get(via or next(iter(names)))
        if issuer is None:
            raise Refused(f"Der er ingen udbyder for {via} sat op.")
        try:
            tie(_find(brugernavn), issuer, id, reason=TERMINAL)
        except ValueError as refusal:
            raise Refused(str(refusal)) from refusal
        click.echo(f"{brugernavn} kan nu logge ind med regionens login.")


@user.command("close", cls=DanishCommand)
@click.argument("brugernavn")
def close(brugernavn: str) -> None:
    """Luk en bruger ude."""
    with house():
        from roedtraad.access.services import close_account

        close_account(_find(brugernavn), closed_by=None, reason=TERMINAL)
        click.echo(f"{brugernavn} kan ikke længere logge ind.")


COMMANDS = [user]
