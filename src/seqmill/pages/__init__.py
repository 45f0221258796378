"""The common look of all pages: style, script, and how templates are filled."""
