"""Rules of kinds: what HR may say about a kind, what leave is taken for, the days a place gives, the medical period."""
