"""The body of a request, read whole before a page function is asked: bounded in size and in time."""

import asyncio
from collections.abc import AsyncIterator

from calls.web.asgi import Message, Receive

LARGEST = 1_000_000
SECONDS = 30


class TooLarge(Exception):
    """More was sent than any form of ours can hold."""


class TooSlow(Exception):
    """The body did not arrive in time."""


class Unreadable(Exception):
    """What arrived is no form, or broke off in the middle of one."""


class Gone(Exception):
    """Who asked has hung up."""


async def read_body(receive: Receive, length: bytes, largest: int = LARGEST, seconds: float = SECONDS) -> bytes:
    """The whole body; `length` is what Content-Length says, if anything. Raises TooLarge, TooSlow or Gone."""
    return b"".join([part async for part in pieces(receive, length, largest, seconds)])


async def pieces(receive: Receive, length: bytes, largest: int, seconds: float) -> AsyncIterator[bytes]:
    """The body piece by piece, for whoever need not hold it whole. Raises as `read_body` does."""
    if length and (not length.isdigit() or len(length) > 12 or int(length) > largest):
        raise TooLarge
    size, is_more = 0, True
    ends_at = asyncio.get_running_loop().time() + seconds
    while is_more:
        message = await _next(receive, ends_at)
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > largest:
            raise TooLarge
        yield part
        is_more = message.get("more_body", False)


def again(body: bytes) -> Receive:
    """The body once more, for whoever reads it next."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _next(receive: Receive, ends_at: float) -> Message:
    try:
        async with asyncio.timeout_at(ends_at):
            message = await receive()
    except TimeoutError as fault:
        raise TooSlow from fault
    if message["type"] == "http.disconnect":
        raise Gone
    return message
