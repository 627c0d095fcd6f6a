"""File formats: core objects in, core objects out, and what was lost on the way."""
