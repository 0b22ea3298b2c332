"""Builders with sensible defaults, one file per domain."""
