"""Base modifications of single sites from DNA, learnt from modBAM or bisulfite reads."""
