"""The report's interactive plots, one family a file.

A figure is a plain dictionary: Plotly's ``data`` and ``layout``, and ``shared``, which the page merges into
every trace. A trace that names its ``caller`` takes that caller's look, and is hidden and shown with it. A
string that starts with ``--`` is a CSS variable of the report, filled in for the theme in use.
"""
