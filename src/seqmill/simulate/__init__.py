"""The generator behind the demo and the tests: reference, individuals and their reads from one seed."""
