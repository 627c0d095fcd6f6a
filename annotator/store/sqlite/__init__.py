"""Projects as SQLite files. ``project`` opens and makes them; this package itself imports nothing."""
