"""What compression of the results file costs and saves: rewrites the cubes of a real file with each filter; prints Markdown.

    make bench-storage                    # or: build/bench-venv/bin/python bench/storage.py [--quick] [FILE.h5]

The same library (libhdf5, zlib) and the engine's chunks (one scenario and county each), one thread, into memory. Without a file
it makes one: 80 → 85 yuan, 69 counties.
"""
from __future__ import annotations

import argparse
import pathlib
import tempfile
import time
import zlib

import h5py
import numpy as np
from measure import Reforms, Run, machine, table

CUBES = ("cost", "recipients", "households", "category_households", "dibao_single")


def measure(cubes: dict, level: int | None, shuffle: bool, fletcher: bool) -> list[str]:
    """Seconds to write and to read all cubes, and MiB."""
    with h5py.File("in-memory", "w", driver="core", backing_store=False, libver=("v108", "v108")) as file:
        start = time.perf_counter()
        for name, values in cubes.items():
            chunk = (1, values.shape[1], 1) + values.shape[3:]
            file.create_dataset(name, data=values, chunks=chunk, compression=None if level is None else "gzip", compression_opts=level, shuffle=shuffle,
                                fletcher32=fletcher, track_times=False)
        file.flush()
        wrote = time.perf_counter() - start
        start = time.perf_counter()
        for name in cubes:
            file[name][...]
        return [f"{wrote:.2f}", f"{time.perf_counter() - start:.2f}", f"{sum(file[name].id.get_storage_size() for name in cubes) / 2**20:.1f}"]


def measure_runs(cubes: dict, level: int) -> list[str]:
    """The same for chunks that are packed here by run lengths alone, which h5py has no word for; without a checksum."""
    with h5py.File("in-memory", "w", driver="core", backing_store=False, libver=("v108", "v108")) as file:
        start = time.perf_counter()
        for name, values in cubes.items():
            chunk = (1, values.shape[1], 1) + values.shape[3:]
            dataset = file.create_dataset(name, shape=values.shape, dtype=values.dtype, chunks=chunk, compression="gzip", compression_opts=level, shuffle=True, track_times=False)
            for scenario, county in np.ndindex(values.shape[0], values.shape[2]):
                planes = np.ascontiguousarray(values[scenario, :, county]).view(np.uint8).reshape(-1, 8).T.tobytes()
                packer = zlib.compressobj(level, zlib.DEFLATED, 15, 8, zlib.Z_RLE)
                dataset.id.write_direct_chunk((scenario, 0, county) + (0,) * (values.ndim - 3), packer.compress(planes) + packer.flush())
        wrote = time.perf_counter() - start
        start = time.perf_counter()
        back = {name: file[name][...] for name in cubes}
        read = time.perf_counter() - start
        assert all(np.array_equal(back[name], values) for name, values in cubes.items())
        return [f"{wrote:.2f}", f"{read:.2f}", f"{sum(file[name].id.get_storage_size() for name in cubes) / 2**20:.1f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=pathlib.Path)
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--quick", action="store_true")
    o = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder, Reforms() as made:
        path, command = o.file, "bench/storage.py " + ("--quick" if o.quick else str(o.file) if o.file else f"--replicates {o.replicates}")
        if not path:
            path = pathlib.Path(folder) / "run.h5"
            run = Run([made.amounts(0), made.amounts(500)], "--replicates", 20 if o.quick else o.replicates, "--sample-share", 0.01 if o.quick else 1, output=path)
            print(f"\nThe run: {run.seconds:.1f} s, processor time {run.processor:.1f} s, of it {run.writing:.1f} s writing ({run.writing / run.processor:.1%}); peak memory {run.peak_mib} MiB; file {run.file_mib:.1f} MiB.")
        with h5py.File(path) as file:
            cubes = {name: file[name][...] for name in CUBES}
            use = file["cost"]
            print(f"\nThe engine writes deflate {use.compression_opts}, {'shuffle, ' if use.shuffle else ''}{'fletcher32' if use.fletcher32 else 'no checksum'}; "
                  f"{len(use.id.get_chunk_info(0).chunk_offset)} dimensions, chunks {use.chunks}.")
    raw = sum(values.nbytes for values in cubes.values()) / 2**20
    rows = []
    for level in (None, 1, 4) if o.quick else (None, 1, 2, 3, 4, 6):
        for shuffle in (False, True):
            if level is None and shuffle:
                continue
            rows.append([f"deflate {level}" if level else "none", "yes" if shuffle else "no", *measure(cubes, level, shuffle, True)])
    rows.append(["run lengths", "yes", *measure_runs(cubes, 1)])
    table(f"Filters ({raw:.0f} MiB of int64, fletcher32 always)", ["compression", "shuffle", "s writing", "s reading", "MiB"], rows, command)


if __name__ == "__main__":
    main()
