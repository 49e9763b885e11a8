"""How rules look at text: one module a family. What they look for is data, in `compliance/policies`."""
