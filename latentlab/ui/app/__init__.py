"""The app around the pages: table of contents, frame, home."""
