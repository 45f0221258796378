"""Examples in sorted, digested Parquet shards, and the loader that turns them into batches."""
