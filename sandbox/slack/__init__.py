"""A Slack workspace on localhost: Web API, Socket Mode and the people in it."""
