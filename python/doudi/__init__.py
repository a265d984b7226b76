"""Doudi (兜底): what social assistance will cost, household by household, and how sure that is.

>>> import doudi
>>> base = doudi.load("jilin-2024.toml")
>>> c = doudi.compare(base, base.with_(dibao__standard__factor=1.05), replicates=100, sample_share=0.05)
>>> c.reserve(0.95)            # yuan
>>> c.by_county()              # a DataFrame
>>> c.plot.difference()        # a matplotlib figure

Money in datasets is int64 in fen (0.01 yuan); what methods return is in yuan and says so.
"""
from ._core import InputError, MachineError, parameters
from .comparison import Comparison
from .engine import assess, bridge, compare, load, open_results, run, sweep
from .plots import sobol, waterfall
from .scenario import Scenario

__all__ = ["Comparison", "InputError", "MachineError", "Scenario", "assess", "bridge", "compare", "load", "open_results", "parameters", "run", "sobol", "sweep", "waterfall"]
__version__ = "0.1.0"
