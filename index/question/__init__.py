"""What a message becomes before anything is searched: cleaned, mended, spelt out, told apart."""
