"""Tables of the outside world: spreadsheets and delimited text, read without trust and written without harm."""
