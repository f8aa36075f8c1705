"""What people see: words, layout and buttons."""
