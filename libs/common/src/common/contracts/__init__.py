"""The vocabulary of the suite: what services say to each other, declared once.

Belongs here: message classes, capabilities and the values inside them. Does not belong here: behaviour, formatting,
or an import from the rest of `common`. A released class only gains optional fields (tests/contracts checks it).
"""
