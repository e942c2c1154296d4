"""The way out: one class per vendor, chosen by configuration. Nothing here retries or logs; the outbox does."""
