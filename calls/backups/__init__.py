"""Backups: one file with everything that an installation cannot make again, taken while it serves.

The same file is made from SQLite and from PostgreSQL and restored into either: it holds rows, not pages of a database.
It is one moment, seen by one transaction, so it is whole however many people register meanwhile.
A restore never overwrites, is done wholly or not at all, and sends nothing again (see `quieting`).
"""
