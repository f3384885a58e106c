"""From people of one employer and day to coaches: who sits where, where it stops, how many drivers."""
