"""From a folder of YAML to a sound pack, or to every fault in it with file, line and column."""
