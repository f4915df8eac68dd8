"""The only places that leave the machine, each a small contract that a test can stand in for.

A gateway knows nothing of shows or people: it is handed values, and says what went wrong in errors of its own.
It never logs, and its errors hold neither credentials nor addresses of people.
"""
