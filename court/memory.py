"""How a server that has read its own code looks after its memory, so that nobody's page waits for that."""

import gc

AFTER = (10_000, 20, 20)  # new objects, then rounds, before Python looks for those that nobody needs


def settle() -> None:
    """Leave what was made at the start alone for good, and look at the rest less often.

    Python stops everything to look through all objects it has. With the court's code among them that takes some 60 ms
    each time, in the middle of somebody's page; without it, one or two.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*AFTER)
