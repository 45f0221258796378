"""Tables of persons or cell lines, molecules and labelled rows: what models of patients learn from."""
