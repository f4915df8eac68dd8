"""How people get in.

A show has a room: a number with its code, a web link, or both; a call may have one of its own. Each registration has
one join link, which is a way to a page and never itself the coming: only the button counts, and only while the doors
are open, by the server's time. Links and codes are given to those who are registered and to nobody else.
"""
