"""What every module's API shares."""
