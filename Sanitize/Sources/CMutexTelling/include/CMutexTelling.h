// Nothing to call: it is linked, and that is all.
