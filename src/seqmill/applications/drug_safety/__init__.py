"""Toxicity of molecules in many assays at once."""
