"""What processes of one run tell one another: variables of the environment, and the lock of its jobs."""

from __future__ import annotations

RUN_VARIABLE = "COPPICE_RUN"  # machine:process:secret of the run of Snakemake, set by its rules
JOBS_LOCK = ".snakemake/coppice/jobs.lock"  # held by each job as long as it lives, see jobs.run_lock
# One thread and pinned dispatch: the same bytes on every machine. Numpy and OpenBLAS read them when they are imported.
PINNED = {
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR AVX512_SKX AVX512_CLX AVX512_CNL AVX512F AVX512CD AVX2 FMA3",
    "OPENBLAS_CORETYPE": "Nehalem",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
