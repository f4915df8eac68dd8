"""What may go wrong outside: a disk that is full, a database or a mail server that is away, a process that is killed.

Each test serves for real and breaks something for real. They are short; `CALLS_TESTS_LONG=1` makes those of
`test_kill_registrations` as long as the bar asks for: at least 2,000 acknowledged registrations on each database.
"""
