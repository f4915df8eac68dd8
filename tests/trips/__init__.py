"""The four ways through the house, end to end."""
