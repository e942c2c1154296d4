"""The way out: one class per vendor. It retries nothing and logs nothing; the outbox does."""
