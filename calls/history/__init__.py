"""What was done, by whom and when.

Every act keeps one Change in the transaction that makes it true, so that nothing happens unrecorded and nothing is
recorded that did not happen. All that follows (mails, calendars) is worked out from the Change afterwards, in steps
that can be taken again without doing anything twice. A Change is never altered but for how far it was followed up.
"""
