"""The solver: asked for in the console, worked on by the worker outside any transaction, taken into the draft.

It lies apart because it needs a package that only workers load.
"""
