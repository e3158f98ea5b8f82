"""The demo's hand-written phrase bank, and `compose`, which puts texts together from it. Pure: no Django.

Nothing here is taken from anybody's record: the sentences were written for the demonstration.
"""
