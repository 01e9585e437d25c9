"""Settings, root URLs, command line, embedded database, demonstration: the only place that knows all."""
