"""Everything Dalil can do, one function each: check, write, act, audit, enqueue. The only writer."""
