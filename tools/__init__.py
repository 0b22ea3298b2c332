"""For whoever develops: import contracts, the new-domain scaffold."""
