"""Writing a file so that an earlier one stays until the new one is whole, and opening one of ours."""
from __future__ import annotations

import os
import pathlib
import tempfile

import numpy as np
import xarray as xr

from . import _core


def replace(path: str | os.PathLike[str], data: bytes, ds: xr.Dataset) -> None:
    """Writes beside the name and renames. Raises OSError, or InputError for the file that `ds` is read from; then the earlier file is as it was."""
    path, source = pathlib.Path(path), pathlib.Path(str(ds.encoding.get("source", "")))
    if path.is_file() and source.is_file() and path.samefile(source):
        raise _core.InputError(f"{path} is the results file itself; choose another name for the output")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path} cannot be written: there is no folder {path.parent}; make it first, or choose another place")
    if path.is_dir():
        raise IsADirectoryError(f"{path} cannot be written: it is a folder; add the name of a file")
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(beside, 0o666 & ~mask)
        os.replace(beside, path)
    except BaseException:
        pathlib.Path(beside).unlink(missing_ok=True)
        raise


def _readable(ds: xr.Dataset, path: pathlib.Path) -> None:
    """Reads everything once. Raises InputError."""
    for name, variable in ds.variables.items():
        try:
            _ = variable[...].values  # of an index of its own, so that nothing is kept
        except Exception as error:
            raise _core.InputError(f"{path}: cannot read {name}: a checksum does not agree, or the file is cut; run again, or take another copy") from error


def opened(path: str | os.PathLike[str], what: str) -> tuple[xr.Dataset, str]:
    """An HDF5 file, read when it is used, and the kind of file it says it is. `what` it should be is for the error.

    A seal is held against the bytes first; where there is none, everything is read once, for nothing else vouches for it.
    Raises FileNotFoundError, or InputError if it is damaged, of another format or cannot be read.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such file")
    try:
        vouched = _core.sealed(path)
    except _core.InputError as error:
        raise _core.InputError(str(error).replace(": error: ", ": ", 1)) from None
    try:
        ds = xr.open_dataset(path, engine="h5netcdf")
    except Exception as error:
        raise _core.InputError(f"{path}: not {what}, or a damaged one ({error})") from error
    kind, version = str(ds.attrs.get("Conventions", "")), ds.attrs.get("format_version")
    try:
        if kind == "doudi-results-1" and version is None:
            raise _core.InputError(f"{path}: is not a doudi results file (no format_version)")
        if kind == "doudi-results-1" and not (isinstance(version, (int, np.integer)) and version == 1):
            raise _core.InputError(f"{path}: has results format {version}; this program reads format 1")
        if kind.startswith("doudi-") and not vouched:
            _readable(ds, path)
    except _core.InputError:
        ds.close()
        raise
    return ds, kind
