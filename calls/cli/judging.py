"""`calls check-url`: would the product ask for anything at this address?"""

from time import monotonic

import click

from calls.gateways.fetching import SECONDS, NotFetched, PublicWeb
from calls.ground.public_addresses import PUBLIC, Place
from calls.ground.refusals import Refused


@click.command()
@click.argument("url")
@click.option("--resolve", is_flag=True, help="Look the name up too, and judge each address that it stands for.")
@click.pass_context
def check_url(context: click.Context, url: str, resolve: bool) -> None:
    """Say allow or deny for a URL that somebody would have Calls fetch, by the rule on addresses alone.

    Nothing is sent there, and without --resolve nobody is asked about the name either. Fails on deny. When it really
    fetches, Calls looks the name up and judges each of its addresses anew, each time.
    """
    try:
        place = PUBLIC.place(url)
        click.echo(f"allow: {_looked_up(place) if resolve else _judged(place)}")
    except (Refused, NotFetched) as refusal:
        click.echo(f"deny: {getattr(refusal, 'sentence', refusal)}")
        context.exit(1)


def _judged(place: Place) -> str:
    kind = "an address" if place.ip else "a name"
    return f"{place.host} is {kind} of the public internet, port {place.port}."


def _looked_up(place: Place) -> str:
    found = PublicWeb(PUBLIC).addresses(place, monotonic() + SECONDS)
    return f"{place.host}, port {place.port}, is at {', '.join(sorted({str(it) for it in found}))}."
