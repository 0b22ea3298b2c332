"""Rules of requests: when leave may be asked for, and how much of a kind in all."""
