"""Settings, root URLs, the command line, the embedded database, the demonstration: the only place that knows all modules."""
