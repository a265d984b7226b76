"""Writing a file so that an earlier one stays until the new one is whole."""
from __future__ import annotations

import os
import pathlib
import tempfile


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
