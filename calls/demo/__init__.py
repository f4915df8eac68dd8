"""Everything in one process on a throw-away folder, so that every flow can be tried without an account anywhere.

The cast is played with the same acts as real life, a few hours back in time; the mails that would have gone lie in a
folder, and one more page shows them. Nothing here is imported by anything but the command line.
"""
