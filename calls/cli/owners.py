"""`calls owner`: make an account with its owner; also the way back in when mail does not work."""

import click

from calls.cli.opening import bring_up, now, opened, read_settings
from calls.cli.speaking import say
from calls.ground.links import Links
from calls.ground.tokens import Keys
from calls.team import signing_in, staffing


@click.command()
@click.argument("email")
@click.option("--name", default="", help="What the account is called; the address's first part if not given.")
def owner(email: str, name: str) -> None:
    """Make an account for EMAIL, or find it, and print a sign-in link.

    The link is good once and for 15 minutes. For an address that owns an account already nothing else changes.
    """
    settings = read_settings()
    with opened(settings) as database:
        bring_up(database, settings)
        with database.transaction() as session:
            member = staffing.open_account(session, email, name, now=now())
            token = signing_in.link_for(session, member, now=now())
            say(f"{member.email} owns the account “{member.account.name}”. This link signs in once, within 15 minutes:")
    click.echo(Links(settings.url, Keys(settings.secret)).sign_in(token))
