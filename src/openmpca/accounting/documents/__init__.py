"""The room's documents to print and sign: which paper is made from which query, in the words of who reads."""
