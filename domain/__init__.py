"""The rules of incidents. Pure: no I/O, no clock, no async."""
