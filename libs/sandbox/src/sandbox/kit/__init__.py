"""What every simulated vendor is made of: a clock, faults, a ledger, jobs, callbacks and films. See docs/vendors.md."""
