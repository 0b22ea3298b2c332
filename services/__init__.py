"""Use cases: one module or package per domain, each entered by its front door."""
