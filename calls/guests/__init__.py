"""Who is asked to speak: the bench, invitations, bookings and what a guest prepares.

A guest is a person whom an account might ask; the bench is their order. An invitation is one asking, behind one link without an
account. A booking is the agreement that a guest speaks on a call (or talks with the host beforehand): chosen, it is a hold that
always has an end; confirmed, it names the guest on the call. The database holds that a place has one standing booking.
"""
