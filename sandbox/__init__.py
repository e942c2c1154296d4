"""A stand-in world on localhost: Slack, the vendors and their faults. Imports nothing of Muster."""
