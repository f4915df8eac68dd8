"""What we write to people.

1. One mail to one person for one thing: what falls due within 20 minutes of it goes into the same letter.
2. Whatever a person asked for this minute goes at once; nothing else reaches her at night in her zone unless her call is
   within three hours.
3. A message is written in the transaction of the change it tells of, under a key that makes writing it twice do nothing.
4. It is rendered when it is sent, from the newest state; what newer facts overtook is dropped, and nothing is sent late that
   would put an older state into a calendar.
5. Its Message-ID follows from its key: a copy that had to be sent again can be told from a second mail.
6. A host may change every word, by fixed placeholders. What people typed stays words in a letter: it makes no link, no
   picture, no heading and no header.
7. Each mail that was not asked for can be stopped with one click (RFC 8058).
"""
