"""District plans: drafted from figures, decided inside the district, filed with the city, then followed."""
