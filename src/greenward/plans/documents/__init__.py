"""A plan as a document of state: laid out after GB/T 9704."""
