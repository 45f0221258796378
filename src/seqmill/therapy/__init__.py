"""Drugs ranked for new profiles, with spread, intervals, domain, and the genes behind them."""
