"""What machines tell us: so far the mail that comes back.

1. An answer counts by the secret UID it names, the address it comes from, and the mail server's word that this is true.
2. Nothing that comes in is answered by itself, and nothing in it is shown as anything but plain text.
3. Each mail is taken once, whatever falls over in between; what nobody understands is kept for 30 days and left alone.
4. Reading is bounded: a mail that is too big or too deep is kept as one that nobody understands.
"""
