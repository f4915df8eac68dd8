"""Who comes to listen.

An attendee is one person of an account, known by e-mail address or, without one, by phone or by hand. A registration
takes one seat of one call, in the transaction that writes it: the seat is taken by a conditional UPDATE, never by
counting first. A pass registers its holder for every call of the show, those laid out later included; a call that is
full is passed over. Registering twice is one registration, and the answer gives nothing away.
"""
