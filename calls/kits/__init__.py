"""What a guest gets to tell others of a call, and who came through it.

A share is somebody's own short link; registrations carry its code. The kit is its QR code, texts to paste and pictures.
"""
