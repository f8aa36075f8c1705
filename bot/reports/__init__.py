"""What administrators are told of questions and answers: figures, a page, a picture."""
