"""Codes and flags in the bytes of an encoded pileup."""

# cell codes above the four bases
DELETED, INSERTS, AMBIGUOUS = 5, 6, 7
# flags of a read row
REVERSE, SUPPORTS_ALT, SUPPORTS_REF, OTHER_ALLELE, PROPER_PAIR, FIRST_OF_PAIR, PRESENT = (
    1,
    2,
    4,
    8,
    16,
    32,
    128,
)
LLR_STEPS = 8  # steps to a nat of log-likelihood ratio
LLR_ZERO = 128
LLR_LARGEST = 127  # steps
DECISIVE = 2.0  # nats from which a read takes sides
