"""Projects as SQLite files; ``project`` opens and makes them. Importing this imports nothing."""
