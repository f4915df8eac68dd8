"""Whom an audience wishes to hear: anybody may propose and vote on a show's public page, moderated by its host.

A vote counts once it was confirmed by a link that goes to the voter's address: one a person and wish.
"""
