"""What a file was made of, whether that is still so, and whether it can be made again."""
