"""`make bench`: our operations as shares of a limit measured in the same run, on the same server and database.

No bare times: machines differ. A limit is the least correct code for the same work on the same stack (`limits.py`).
"""
