"""Doudi (兜底): what social assistance will cost, household by household, and how sure that is.

>>> import doudi
>>> base = doudi.load("jilin-2024.toml")
>>> c = doudi.compare(base, base.with_(dibao__standard__factor=1.05), replicates=100, sample_share=0.05)
>>> c.reserve(0.95)            # yuan
>>> c.by_county()              # a DataFrame
>>> c.plot.difference()        # a matplotlib figure

Start with `load` and a shipped scenario ("jilin-2024.toml", "reforms/subsidies-85.toml" ...), change it by
`Scenario.with_`, simulate with `run`, `compare` or `sweep`, and ask the `Comparison` that comes back: `.difference()`,
`.reserve()`, `.by_county()`, `.plot`, `.report()`, `.to_excel()`. `.dataset` has everything as an xarray.Dataset;
`open_results` gives the same for a file that the command wrote, `assess` decides single families by the rules.

Money in datasets is int64 in fen (0.01 yuan); what methods return is in yuan and says so. Faults of the input raise
InputError, a ValueError with every fault and what to try.
"""
from ._core import InputError, MachineError, parameters
from .adjusted import Adjusted
from .comparison import Comparison
from .decide import budget_bridge, run_until
from .drivers import Drivers, drivers, open_drivers
from .engine import bridge, compare, load, open_results, run, sweep
from .families import assess
from .scenario import Scenario
from .sobol import sobol
from .targeting import targeting
from .waterfall import waterfall

__all__ = ["Adjusted", "Comparison", "Drivers", "InputError", "MachineError", "Scenario", "assess", "bridge", "budget_bridge", "compare", "drivers", "load",
           "open_drivers", "open_results", "parameters", "run", "run_until", "sobol", "sweep", "targeting", "waterfall"]
__version__ = "0.1.0"
