"""Rules of how leave is paid, and what stands of it in a ledger that only grows."""
