"""Engines that propose annotations: learned ones, lists and rules; they know no store."""
