"""Tables: one file per domain, no queries, no behaviour beyond a property."""
