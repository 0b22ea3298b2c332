"""Figures: what HR learns from approvals, and what became of similar requests."""
