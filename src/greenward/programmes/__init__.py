"""An edition of a pack in force at a territory: phases, targets, duties."""
