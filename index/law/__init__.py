"""What documents are to each other and to a question: references, effect, terms, numbered parts."""
