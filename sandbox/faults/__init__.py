"""How the simulated server can misbehave.

`catalog` names each fault, and `fault` is their base class. The others hold the faults by kind: `paging`
(which rows are sent), `bodies` (how they are written), `wire` (errors and broken connections), `answers` (no
proper HTTP), `refusals` (something else than records).
"""
