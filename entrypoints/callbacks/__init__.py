"""What WeCom tells us: encrypted callbacks, opened, deduplicated and routed to handlers."""

from entrypoints.callbacks.view import bp

__all__ = ["bp"]
