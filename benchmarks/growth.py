"""Whether time and memory of making examples grow with the input as they should: not at all for each base.

The same megabase is laid out once, twice, four and eight times (`inputs`), and each of these is encoded in a
process of its own, from the BAM to parts on disk: a part for each region batch, as the workflow has it, here
of a megabase.

    python benchmarks/growth.py [--quick] [--json FILE]
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from harness import Claim, claim, cpu_seconds, main
from inputs import thirty_fold_bam

SIZES = (1, 2, 4, 8)
BATCH = 1_000_000  # bases of a region batch
WARM = 200_000  # bases encoded before the clock starts: compiled code is loaded, buffers have their size


def encode(bam: Path) -> dict[str, float]:
    """Encode a BAM and write its part; give CPU seconds after the start-up, and the highest memory in MB."""
    from examples import job_of, ours

    from seqmill.applications.application import LabelReport
    from seqmill.applications.small_variants.examples import examples
    from seqmill.applications.small_variants.spec import encoding
    from seqmill.genome.intervals import region_batches
    from seqmill.shards.parts import PartWriter

    ours(job_of(bam, 0, WARM))
    job = job_of(bam)
    (whole,) = job.intervals
    began = cpu_seconds()
    with tempfile.TemporaryDirectory() as folder:
        for number, intervals in enumerate(region_batches({whole.contig: whole.end}, BATCH)):
            with PartWriter(Path(folder) / f"{number}.parquet", encoding(job.options), seed=1) as writer:
                for batch in examples(replace(job, intervals=tuple(intervals)), LabelReport()):
                    writer.write(batch)
    seconds = cpu_seconds() - began
    return {"seconds": seconds, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def in_a_process(bam: Path) -> dict[str, float]:
    """Run `encode` in a fresh process."""
    command = [sys.executable, __file__, "--encode", str(bam)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    return json.loads(answer)


def claims(*, quick: bool) -> list[Claim]:
    """Compare the dearest megabase with the cheapest, and the largest memory with the smallest."""
    sizes = SIZES[:2] if quick else SIZES
    bams = {size: thirty_fold_bam(size) for size in sizes}
    seconds = dict.fromkeys(sizes, float("inf"))
    memory = dict.fromkeys(sizes, float("inf"))
    for _ in range(2 if quick else 6):
        for size, bam in bams.items():
            found = in_a_process(bam)
            seconds[size] = min(seconds[size], found["seconds"] / size)
            memory[size] = min(memory[size], found["memory"])
    made = []
    for key, text, figures, unit in (
        ("growth_time", "CPU time per Mb", seconds, "s"),
        ("growth_memory", "peak memory", memory, "MB"),
    ):
        high, low = max(figures, key=figures.__getitem__), min(figures, key=figures.__getitem__)
        made.append(
            claim(
                key,
                f"{text}, {sizes[0]} to {sizes[-1]} Mb at 30x",
                ours=figures[high],
                peer=figures[low],
                peer_name=f"the least, at {low} Mb",
                goal=1.1,
                higher_is_better=False,
                unit=unit,
                note=", ".join(f"{size} Mb: {figures[size]:.3g} {unit}" for size in sizes),
            )
        )
    return made


if __name__ == "__main__":
    if sys.argv[1:2] == ["--encode"]:
        print(json.dumps(encode(Path(sys.argv[2]))))
    else:
        main(claims)
