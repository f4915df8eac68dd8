"""The single steps of which `follow_ups` makes what follows from each change.

A step is given the change and where it left off, does at most a batch, and says where to go on, or None when it is done.
Everything it writes has a key, so that taking a step again after a crash writes nothing twice. Nothing here sends.
"""
