"""What people bring along: `measuring` finds out what a file is, `records` keeps it, `music` and `footage` use it."""
