"""What is done with each kind of update; `register` has them all."""
