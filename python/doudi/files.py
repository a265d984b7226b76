"""Writing a file so that an earlier one stays until the new one is whole, and opening one of ours."""
from __future__ import annotations

import os
import pathlib
import tempfile

import xarray as xr

from . import _core


def replace(path: str | os.PathLike[str], data: bytes) -> None:
    """Writes beside the name and renames. Raises OSError; then the earlier file is as it was."""
    path = pathlib.Path(path)
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


def opened(path: str | os.PathLike[str], what: str, more: str = "") -> tuple[xr.Dataset, str]:
    """An HDF5 file, read when it is used, and the kind of file it says it is. `what` it should be, and `more` advice, are for the error.

    Raises FileNotFoundError, or InputError if it cannot be read.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such file")
    try:
        ds = xr.open_dataset(path, engine="h5netcdf")
    except Exception as error:
        raise _core.InputError(f"{path}: not {what}, or a damaged one ({error}){more}") from error
    return ds, str(ds.attrs.get("Conventions", ""))
