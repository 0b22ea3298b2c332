"""Punches: how they come in (by hand, from machines, from WeCom) and what is looked at again.

Invariants: a raw punch is only ever added, once for person, source, device, second and direction; the server's clock is
the authority; a signal opens a case for people to look at and changes no verdict; no coordinates are kept.
"""
