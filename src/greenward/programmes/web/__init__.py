"""Recording what an office delivered of its duties."""
