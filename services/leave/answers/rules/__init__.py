"""Rules of answers: forecasts step by step, and the best use of days around holidays."""
