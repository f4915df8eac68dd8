"""How fast the house is, each figure beside the bare thing on the same server, database and settings.

`python -m tests.bench` measures all and prints one table; nothing here is a timed test. Ours is `calls serve` as anybody
starts it, with its worker, its log and mails going to a mail server here. The bare thing is another process under the same
uvicorn with the same flags. They are measured in turns, in short rounds, and the median of the rounds is quoted, so that
what else the machine does falls on both alike. Everything stays on this machine and ends by itself.
"""
