"""Every order of calls, deliveries, timers and faults, and each way it can end.

`side.py` makes one host a finite automaton, found while it is walked; `search.py`
walks the product of two of them with a faulty network between; `witness.py`
plays a path again as a timeline.

The model: a segment takes no time, and a timer fires when nothing is under way;
calls may come at any moment. A fault is a segment that is lost, that comes
twice, or that comes late, after any that were sent behind it; what is late is
overtaken by timers of less than 30 s only (half of TIME_WAIT's 2 MSL).
Timestamps are off, and timers fire to the millisecond.
"""
