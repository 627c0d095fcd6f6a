"""Pure Python: what is annotated, and the rules of it. No input, no output, no screen."""
