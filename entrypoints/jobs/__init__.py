"""Promises kept and jobs posted: the worker, the scheduler, and the border to WeCom."""
