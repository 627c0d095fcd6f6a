"""The use cases that both front ends call."""
