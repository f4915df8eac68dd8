"""What other people's calendars show.

1. One event a call, in UTC, with its own UID for life: no rules, no zones, nothing for a reader to compute.
2. A feed and an invitation are different things: feeds carry no people and no METHOD, each invitation carries exactly one person.
3. Every published change raises SEQUENCE by one and LAST-MODIFIED by at least a second; nothing is ever taken back silently.
4. The same facts give the same bytes, so that an ETag means something and nothing is sent twice.
5. No calendar holds a link with a secret, and no feed a mail address.
"""
