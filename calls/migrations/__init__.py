"""The database's history: numbered steps, run at start under a lock, each in one transaction with its statements."""
