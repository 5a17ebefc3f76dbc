"""What all pages share: the page as data, its forms of output, the two times in its address, what a person may read."""
