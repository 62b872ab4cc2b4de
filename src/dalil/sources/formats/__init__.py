"""One package per source format; none of them imports another."""
