"""The regions of the screen."""
