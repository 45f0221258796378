"""Runs of one dataset side by side: leaderboard, paired statistics and one report."""
