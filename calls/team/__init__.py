"""Who runs the shows.

An account is one business or person; its members sign in by a link that is mailed to them and works once, for fifteen
minutes. What a member may do is one table (roles.py). Secrets are stored as hashes only; a browser's sign-in ends when
it is ended, after 30 days without a visit, or after 180 days whatever happens.
"""
