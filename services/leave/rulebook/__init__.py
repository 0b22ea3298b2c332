"""The rulebook: kinds of leave with their rules, as data that HR edits, and what differs by place."""
