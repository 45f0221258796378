"""The report's interactive plots as Plotly figures, one family a file.

A figure is a plain dictionary of ``data`` and ``layout``. A string that starts with ``--`` is a CSS
variable of the report, filled in by the page for the theme in use; ``meta.caller`` lets the page hide a
caller in all plots.
"""
