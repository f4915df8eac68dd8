"""What everything stands on: clock, database, zones, tokens, text and refusals. Imports nothing of the house."""
