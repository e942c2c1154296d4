"""What people see, as pure functions of domain values. It imports nothing of Muster but domain."""
