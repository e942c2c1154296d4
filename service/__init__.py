"""The use cases, and the loops that carry out what they owe."""
