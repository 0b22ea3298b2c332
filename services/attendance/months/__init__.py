"""Closing a month: everybody's sheet, what they say of it, the close, and what comes too late for it."""
