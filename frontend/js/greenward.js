// Greenward
