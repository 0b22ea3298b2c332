"""Rosters: who of a department works what on which day, planned ahead, checked, published; shifts given to colleagues.

Invariants: a draft changes nobody's days; publishing is one conditional UPDATE and writes all days or none; a day that
is over is never planned anew; what the solver writes was judged by the rules that judge what people write.
"""
