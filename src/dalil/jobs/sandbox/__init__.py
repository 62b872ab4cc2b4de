"""The limited child: `run` a module of ours on foreign bytes, bounded in memory, time and files, without a network.

`running` is the parent's side, `confined` what the child does first. Needs no Django.
"""

from dalil.jobs.sandbox.running import Code, Limits, SandboxRun, run, run_program

__all__ = ["Code", "Limits", "SandboxRun", "run", "run_program"]
