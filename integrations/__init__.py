<<<<<<< HEAD
"""The way out: one class per vendor. It retries nothing and logs nothing; the outbox does."""
=======
"""The way out: one class per vendor, chosen by configuration. Nothing here retries or logs."""
>>>>>>> integrations
