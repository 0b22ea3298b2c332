"""Granting: what people are entitled to by released policies, given in lots, corrected, paid at leaving."""
