"""Tables: one file per domain (a second where it has many), no queries, no behaviour beyond a property."""
