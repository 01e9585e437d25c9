"""Who takes part and which communities are pilots; later the whole route to recognition."""
