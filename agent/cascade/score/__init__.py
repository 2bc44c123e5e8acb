"""How likely it is that the large model would answer a turn better than the small one."""
