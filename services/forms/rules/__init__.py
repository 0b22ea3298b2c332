"""Rules of forms: what a definition may say, and what becomes of what people fill in."""
