"""Files of elements (XML) from outside: read without trust, bound to frozen structs, written the same way each time."""
