"""The body of a request, read whole before a page function is asked: bounded in size and in time."""

import asyncio

from calls.web.asgi import Message, Receive

LARGEST = 1_000_000
SECONDS = 30


class TooLarge(Exception):
    """More was sent than any form of ours can hold."""


class TooSlow(Exception):
    """The body did not arrive in time."""


class Gone(Exception):
    """Who asked has hung up."""


async def read_body(receive: Receive, length: bytes, largest: int = LARGEST, seconds: float = SECONDS) -> bytes:
    """The whole body; `length` is what Content-Length says, if anything. Raises TooLarge, TooSlow or Gone."""
    if length and not length.isdigit():
        raise TooLarge
    if length and (len(length) > 12 or int(length) > largest):
        raise TooLarge
    try:
        async with asyncio.timeout(seconds):
            return await _gathered(receive, largest)
    except TimeoutError as fault:
        raise TooSlow from fault


def again(body: bytes) -> Receive:
    """The body once more, for whoever reads it next."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _gathered(receive: Receive, largest: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        part = message.get("body", b"")
        size += len(part)
        if size > largest:
            raise TooLarge
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)
