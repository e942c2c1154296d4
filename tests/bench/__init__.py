"""What `make bench` measures: the bot, the sandbox and the driver each in a process of its own."""
