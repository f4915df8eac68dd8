"""The manual: what the house promises, a file for each module of it."""
