"""A mail server that takes everything at once and keeps nothing but counts, in a process of its own.

It prints its two ports: one for SMTP, and one that answers each caller with how many letters came for which domain, and
when the last one did (Unix time).
"""

import asyncio
import json
import time
from collections import Counter

ENOUGH = "250-sink.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 10000000\r\n"


class Sink:
    """What has come so far."""

    def __init__(self) -> None:
        self.letters: Counter[str] = Counter()
        self.last: dict[str, float] = {}

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, for as many letters as it brings."""
        writer.write(b"220 sink.example\r\n")
        domain = ""
        try:
            while line := await reader.readline():
                word = line[:4].upper().strip()
                if word == b"DATA":
                    writer.write(b"354 go on\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                    self.letters[domain] += 1
                    self.last[domain] = time.time()
                elif word == b"RCPT":
                    domain = line.decode().rpartition("@")[2].strip("<>\r\n ")
                writer.write(ENOUGH.encode() if word == b"EHLO" else b"250 good\r\n")
                if word == b"QUIT":
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def tell(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(json.dumps({"letters": self.letters, "last": self.last}).encode())
        await writer.drain()
        writer.close()


async def main() -> None:
    sink = Sink()
    mail = await asyncio.start_server(sink.take, "127.0.0.1", 0, limit=10_000_000)
    figures = await asyncio.start_server(sink.tell, "127.0.0.1", 0)
    print(*(server.sockets[0].getsockname()[1] for server in (mail, figures)), flush=True)
    async with mail, figures:
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
