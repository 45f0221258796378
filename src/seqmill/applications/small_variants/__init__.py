"""SNPs and short indels from read pileups."""
