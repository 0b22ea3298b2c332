"""Answers: why a balance is what it is, what it will be, why not, how to use it best, who is away; reports for HR."""
