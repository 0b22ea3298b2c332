"""Every way in: how the outside reaches the use cases, and nothing of what they decide."""
