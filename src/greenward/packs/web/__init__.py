"""The pack browser: what the policy says, for every signed-in person."""
