"""The statistics bureau's list as it ships, and what follows from its codes and names."""
